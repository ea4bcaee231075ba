package dev.elbo;

import static com.tngtech.archunit.base.DescribedPredicate.not;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.lang.ArchRule;
import dev.elbo.tensor.Shape;
import java.io.ObjectInputStream;
import java.io.ObjectOutputStream;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.NullMarked;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/** Holds the package table of the design: a package imports only from the rows above its own. */
class ArchitectureTest {
  /** Lowest first; the packages of one row do not know each other. */
  private static final List<List<String>> ROWS =
      List.of(
          List.of("tensor", "random"),
          List.of("graph"),
          List.of("data", "metric", "checkpoint"),
          List.of("device"),
          List.of("device.reference", "device.cpu", "device.cuda"),
          List.of("distribution"),
          List.of("layer"),
          List.of("inference"),
          List.of("model"),
          List.of("report"),
          List.of("cli"));

  private static final JavaClasses LIBRARY =
      new ClassFileImporter()
          .withImportOption(new ImportOption.DoNotIncludeTests())
          .importPackages("dev.elbo");

  @TestFactory
  Stream<DynamicTest> aPackageImportsOnlyFromRowsAbove() {
    List<DynamicTest> tests = new ArrayList<>();
    List<String> above = new ArrayList<>();
    for (List<String> row : ROWS) {
      for (String name : row) {
        ArchRule rule = importsOnly("dev.elbo." + name, above);
        tests.add(DynamicTest.dynamicTest(name, () -> rule.check(LIBRARY)));
      }
      row.forEach(name -> above.add("dev.elbo." + name));
    }
    return tests.stream();
  }

  private static ArchRule importsOnly(String importer, List<String> above) {
    List<String> allowed = new ArrayList<>(above);
    allowed.add(importer);
    return noClasses()
        .that()
        .resideInAPackage(importer)
        .should()
        .dependOnClassesThat(
            resideInAPackage("dev.elbo..")
                .and(not(resideInAnyPackage(allowed.toArray(String[]::new)))))
        .as(importer + " imports only from " + above)
        .allowEmptyShould(true);
  }

  @Test
  void everyPackageIsInTheTable() {
    List<String> known =
        ROWS.stream().flatMap(List::stream).map(name -> "dev.elbo." + name).toList();
    assertThat(LIBRARY.stream().map(JavaClass::getPackageName).distinct()).isSubsetOf(known);
  }

  @Test
  void packagesHaveNoCycles() {
    slices().matching("dev.elbo.(**)").should().beFreeOfCycles().check(LIBRARY);
  }

  @Test
  void onlyTheCudaDeviceKnowsJcuda() {
    noClasses()
        .that()
        .resideOutsideOfPackage("dev.elbo.device.cuda")
        .should()
        .dependOnClassesThat()
        .resideInAPackage("jcuda..")
        .check(LIBRARY);
  }

  /**
   * JCuda's classes fail for good where there is no driver, and the command line asks everywhere.
   */
  @Test
  void cardsAreLookedForWithoutJcuda() {
    noClasses()
        .that()
        .haveNameMatching("dev\\.elbo\\.device\\.cuda\\.Cuda(Devices|Build).*")
        .should()
        .transitivelyDependOnClassesThat()
        .resideInAPackage("jcuda..")
        .check(LIBRARY);
  }

  @Test
  void onlyTheCommandLineTouchesTheProcess() {
    touchesTheProcess().check(LIBRARY);
  }

  private static ArchRule touchesTheProcess() {
    return noClasses()
        .that()
        .resideOutsideOfPackage("dev.elbo.cli")
        .should()
        .accessField(System.class, "out")
        .orShould()
        .accessField(System.class, "err")
        .orShould()
        .accessField(System.class, "in")
        .orShould()
        .callMethodWhere(
            DescribedPredicate.describe(
                "the call prints, exits, reads the environment or writes system properties",
                call -> isForTheCommandLine(call.getTargetOwner(), call.getName())));
  }

  private static boolean isForTheCommandLine(JavaClass owner, String method) {
    return switch (method) {
      case "exit", "halt" ->
          owner.isEquivalentTo(System.class) || owner.isEquivalentTo(Runtime.class);
      case "getenv", "setProperty", "setProperties", "clearProperty", "setOut", "setErr", "setIn" ->
          owner.isEquivalentTo(System.class);
      case "printStackTrace" -> true;
      default -> false;
    };
  }

  @Test
  void javaSerializationIsUnused() {
    noClasses()
        .should()
        .dependOnClassesThat()
        .belongToAnyOf(ObjectInputStream.class, ObjectOutputStream.class)
        .check(LIBRARY);
  }

  @Test
  void everyPackageIsNullMarked() {
    assertThat(LIBRARY.stream().map(JavaClass::getPackage).distinct())
        .allMatch(name -> name.isAnnotatedWith(NullMarked.class));
  }

  @Test
  void theRulesCanFail() {
    JavaClasses offenders = new ClassFileImporter().importClasses(Offender.class);
    assertThatThrownBy(() -> touchesTheProcess().check(offenders))
        .isInstanceOf(AssertionError.class)
        .hasMessageContaining("System.out")
        .hasMessageContaining("System.exit")
        .hasMessageContaining("System.getenv");
    assertThatThrownBy(() -> importsOnly("dev.elbo", List.of()).check(offenders))
        .isInstanceOf(AssertionError.class)
        .hasMessageContaining("dev.elbo imports only from []")
        .hasMessageContaining("dev.elbo.tensor.Shape");
  }

  /** Breaks the rules about the process and about imports. */
  private static final class Offender {
    Offender() {
      System.out.println(System.getenv("HOME") + Shape.SCALAR);
      System.exit(1);
    }
  }
}
