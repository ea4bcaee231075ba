package dev.elbo.metric;

/**
 * One row of a reliability table: the predictions whose confidence lies in (lower, upper].
 *
 * @param lower the lower bound of the confidence, excluded (but the first bin holds 0 too)
 * @param upper the upper bound of the confidence, included
 * @param count the number of predictions
 * @param confidence their mean confidence; NaN where there are none
 * @param accuracy the share of them that is correct; NaN where there are none
 */
public record ReliabilityBin(
    double lower, double upper, int count, double confidence, double accuracy) {}
