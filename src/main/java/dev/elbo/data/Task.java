package dev.elbo.data;

/** What a target is: one of a set of classes, or a number. */
public enum Task {
  CLASSIFICATION,
  REGRESSION
}
