package dev.elbo.bench;

import java.util.List;
import java.util.Locale;

/** Ellipses of two coordinates of Gaussians, one and two standard deviations out, as an SVG. */
final class Contours {
  private static final int SIZE = 420;
  private static final int MARGIN = 40;
  private static final int POINTS = 120;

  /** Dark, then from the Okabe-Ito palette, which people with any colour vision tell apart. */
  private static final List<String> COLOURS = List.of("#000000", "#D55E00", "#0072B2", "#009E73");

  private Contours() {}

  /** A Gaussian with its name. */
  record Curve(String name, double[] mean, double[][] covariance) {}

  /** The contours of coordinates i and j; the first curve decides what is in the picture. */
  static String svg(List<Curve> curves, int i, int j) {
    Curve first = curves.getFirst();
    double x0 = first.mean[i];
    double y0 = first.mean[j];
    double spread = Math.max(first.covariance[i][i], first.covariance[j][j]);
    double scale = (SIZE / 2.0 - MARGIN) / (2.2 * Math.sqrt(spread));
    StringBuilder svg = new StringBuilder();
    line(
        svg,
        "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 %d %d\" font-family=\"sans-serif\""
            + " font-size=\"13\">",
        SIZE,
        SIZE);
    line(svg, "<rect width=\"%d\" height=\"%d\" fill=\"white\"/>", SIZE, SIZE);
    for (int c = 0; c < curves.size(); c++) {
      Curve curve = curves.get(c);
      String colour = COLOURS.get(c);
      for (int deviations = 1; deviations <= 2; deviations++) {
        line(
            svg,
            "<polygon points=\"%s\" fill=\"none\" stroke=\"%s\" stroke-width=\"%s\"%s/>",
            points(curve, i, j, deviations, x0, y0, scale),
            colour,
            c == 0 ? "4" : "1.6",
            c == 0 ? " stroke-opacity=\"0.25\"" : "");
      }
      line(
          svg,
          "<text x=\"%d\" y=\"%d\" fill=\"%s\">%s</text>",
          MARGIN / 2,
          MARGIN / 2 + 18 * c + 6,
          colour,
          curve.name);
    }
    line(
        svg,
        "<text x=\"%d\" y=\"%d\" text-anchor=\"middle\">weight %d</text>",
        SIZE / 2,
        SIZE - 8,
        i);
    line(
        svg,
        "<text transform=\"translate(%d %d) rotate(-90)\" text-anchor=\"middle\">weight %d</text>",
        SIZE - 8,
        SIZE / 2,
        j);
    line(svg, "</svg>");
    return svg.toString();
  }

  private static void line(StringBuilder svg, String format, Object... arguments) {
    svg.append(String.format(Locale.ROOT, format, arguments)).append('\n');
  }

  /** mean + deviations·L·(cos, sin) with the Cholesky factor L of the two coordinates. */
  private static String points(
      Curve curve, int i, int j, int deviations, double x0, double y0, double scale) {
    double a = Math.sqrt(curve.covariance[i][i]);
    double b = curve.covariance[i][j] / a;
    double c = Math.sqrt(curve.covariance[j][j] - b * b);
    StringBuilder points = new StringBuilder();
    for (int p = 0; p < POINTS; p++) {
      double angle = 2 * Math.PI * p / POINTS;
      double x = curve.mean[i] - x0 + deviations * a * Math.cos(angle);
      double y = curve.mean[j] - y0 + deviations * (b * Math.cos(angle) + c * Math.sin(angle));
      points.append(
          String.format(
              Locale.ROOT,
              "%s%.1f,%.1f",
              p == 0 ? "" : " ",
              SIZE / 2.0 + scale * x,
              SIZE / 2.0 - scale * y));
    }
    return points.toString();
  }
}
