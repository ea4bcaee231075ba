# For sh and bash: find_jdk_25 sets jdk to the home of a JDK 25 and jdk_version to its version, or
# fails where there is none. It looks at JAVA_HOME, then at `java` on the PATH, then where packages
# and tools put JDKs. Nothing but readlink is started: it runs on every start of elbo.

is_jdk_25() {
  [ -x "$1/bin/javac" ] && [ -r "$1/release" ] || return 1
  while IFS='=' read -r key value; do
    case $key=$value in
      'JAVA_VERSION="25'[.\"]*)
        jdk=$1
        value=${value#\"}
        jdk_version=${value%\"}
        return 0
        ;;
    esac
  done <"$1/release"
  return 1
}

find_jdk_25() {
  if [ -n "${JAVA_HOME:-}" ] && is_jdk_25 "$JAVA_HOME"; then
    return 0
  fi
  if java=$(command -v java) && java=$(readlink -f "$java") && is_jdk_25 "${java%/bin/java}"; then
    return 0
  fi
  for home in /usr/lib/jvm/* "${HOME:-}"/.sdkman/candidates/java/* "${HOME:-}"/.jdks/* /opt/* \
    /opt/java/* /Library/Java/JavaVirtualMachines/*/Contents/Home; do
    if is_jdk_25 "$home"; then
      return 0
    fi
  done
  return 1
}
