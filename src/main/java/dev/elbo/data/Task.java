package dev.elbo.data;

/** What is learned: one of a set of classes, a number, or the density of data without targets. */
public enum Task {
  CLASSIFICATION,
  REGRESSION,
  DENSITY_ESTIMATION
}
