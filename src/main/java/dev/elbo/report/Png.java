package dev.elbo.report;

import java.io.ByteArrayOutputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.zip.CRC32;
import java.util.zip.DeflaterOutputStream;

/** Writes grey pictures as PNG (ISO/IEC 15948), without java.desktop and without a time. */
public final class Png {
  private static final byte[] SIGNATURE = {(byte) 0x89, 'P', 'N', 'G', '\r', '\n', 0x1a, '\n'};
  private static final int BITS = 8;

  private Png() {}

  /** Writes a picture; the stream stays open. */
  public static void write(GreyImage image, OutputStream to) throws IOException {
    to.write(SIGNATURE);
    chunk(to, "IHDR", header(image));
    chunk(to, "IDAT", packed(image));
    chunk(to, "IEND", new byte[0]);
  }

  /** Width, height, bits, then grey, deflate, adaptive filters and not interlaced: all 0. */
  private static byte[] header(GreyImage image) throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    DataOutputStream data = new DataOutputStream(bytes);
    data.writeInt(image.width());
    data.writeInt(image.height());
    data.write(new byte[] {BITS, 0, 0, 0, 0});
    return bytes.toByteArray();
  }

  /** Each row after the number of its filter, 0 for none. */
  private static byte[] packed(GreyImage image) throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (DeflaterOutputStream deflated = new DeflaterOutputStream(bytes)) {
      for (int row = 0; row < image.height(); row++) {
        deflated.write(0);
        deflated.write(image.levels(), row * image.width(), image.width());
      }
    }
    return bytes.toByteArray();
  }

  private static void chunk(OutputStream to, String type, byte[] content) throws IOException {
    byte[] name = type.getBytes(StandardCharsets.US_ASCII);
    CRC32 sum = new CRC32();
    sum.update(name);
    sum.update(content);
    DataOutputStream data = new DataOutputStream(to);
    data.writeInt(content.length);
    data.write(name);
    data.write(content);
    data.writeInt((int) sum.getValue());
    data.flush();
  }
}
