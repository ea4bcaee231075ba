package dev.elbo.report;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.awt.image.BufferedImage;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.Test;

class PngTest {
  private static byte[] png(GreyImage image) throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    Png.write(image, bytes);
    return bytes.toByteArray();
  }

  @Test
  void othersReadWhatWasWritten() throws IOException {
    GreyImage image = new GreyImage(3, 2, new byte[] {0, 1, 127, (byte) 128, (byte) 200, -1});
    BufferedImage read = ImageIO.read(new ByteArrayInputStream(png(image)));
    assertThat(read.getWidth()).isEqualTo(3);
    assertThat(read.getHeight()).isEqualTo(2);
    assertThat(read.getRaster().getPixels(0, 0, 3, 2, (int[]) null))
        .containsExactly(0, 1, 127, 128, 200, 255);
    assertThat(png(image)).isEqualTo(png(image));
  }

  @Test
  void picturesStandInANearlySquareGrid() {
    GreyImage grid = GreyImage.grid(1, 2, new float[] {0, 1, 0.5f, 2, -1, 0});
    assertThat(grid.width()).isEqualTo(2);
    assertThat(grid.height()).isEqualTo(5);
    assertThat(grid.levels()).containsExactly(0, -1, 96, 96, (byte) 128, -1, 96, 96, 0, 0);
    GreyImage two = GreyImage.grid(1, 1, new float[] {0, 1, 0, 1, 0});
    assertThat(two.width()).isEqualTo(3);
    assertThat(two.height()).isEqualTo(5);
    assertThat(two.levels()).endsWith(0, 96, 96);
    assertThatIllegalArgumentException()
        .isThrownBy(() -> GreyImage.grid(1, 1, new float[0]))
        .withMessage("a grid of no pictures");
  }
}
