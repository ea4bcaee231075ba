package dev.elbo.data;

import de.siegmar.fastcsv.reader.CloseableIterator;
import de.siegmar.fastcsv.reader.CsvParseException;
import de.siegmar.fastcsv.reader.CsvReader;
import de.siegmar.fastcsv.reader.CsvRecord;
import de.siegmar.fastcsv.reader.CsvRecordHandler;
import de.siegmar.fastcsv.reader.FieldMismatchStrategy;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;

/** The rows of a CSV file (RFC 4180, UTF-8), one after the other; empty lines are passed over. */
final class CsvRows implements AutoCloseable {
  /** The most characters of one field. */
  static final int FIELD_LIMIT = 1 << 20;

  /** The most characters of one row. */
  static final int ROW_LIMIT = 1 << 24;

  /** The most columns. */
  static final int COLUMN_LIMIT = 1 << 16;

  private static final String BYTE_ORDER_MARK = "\uFEFF";

  private final String file;
  private final CloseableIterator<CsvRecord> records;

  /**
   * A row.
   *
   * @param line the line of the file where it starts, from 1
   */
  record Row(long line, List<String> fields) {}

  /** Reads a source, which is closed with this. */
  CsvRows(Source source) {
    file = source.name();
    // A decoder made this way reports what is not UTF-8 instead of replacing it.
    InputStreamReader text =
        new InputStreamReader(source.stream(), StandardCharsets.UTF_8.newDecoder());
    CsvRecordHandler handler =
        CsvRecordHandler.builder()
            .maxFields(COLUMN_LIMIT)
            .maxFieldSize(FIELD_LIMIT)
            .maxRecordSize(ROW_LIMIT)
            .build();
    records =
        CsvReader.builder()
            .extraFieldStrategy(FieldMismatchStrategy.IGNORE)
            .missingFieldStrategy(FieldMismatchStrategy.IGNORE)
            .allowUnclosedQuote(false)
            .maxBufferSize(2 * FIELD_LIMIT)
            .build(handler, text)
            .iterator();
  }

  /** The name of the file. */
  String file() {
    return file;
  }

  /** The first row, before any other was taken. */
  Row first() {
    return next().orElseThrow(() -> new DataException(file + ": is empty"));
  }

  /**
   * The next row, or nothing at the end.
   *
   * @throws DataException if the file cannot be read, is no CSV, or has a field or row beyond the
   *     limits
   */
  Optional<Row> next() {
    try {
      if (!records.hasNext()) {
        return Optional.empty();
      }
      CsvRecord next = records.next();
      List<String> fields = next.getFields();
      if (next.getStartingLineNumber() == 1 && fields.getFirst().startsWith(BYTE_ORDER_MARK)) {
        fields = new ArrayList<>(fields);
        fields.set(0, fields.getFirst().substring(1));
      }
      return Optional.of(new Row(next.getStartingLineNumber(), fields));
    } catch (CsvParseException e) {
      throw new DataException(file + ": " + e.getMessage(), e);
    } catch (UncheckedIOException e) {
      throw Source.failure(file, Objects.requireNonNull(e.getCause()));
    }
  }

  @Override
  public void close() {
    try {
      records.close();
    } catch (IOException e) {
      throw Source.failure(file, e);
    }
  }
}
