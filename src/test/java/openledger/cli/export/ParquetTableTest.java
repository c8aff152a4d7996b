package openledger.cli.export;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.hardwood.InputFile;
import dev.hardwood.reader.ParquetFileReader;
import dev.hardwood.reader.RowReader;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import openledger.cli.export.ParquetColumn.ColumnType;
import openledger.cli.export.ParquetColumn.Form;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Tables that were written, read by a library that is not ours. */
final class ParquetTableTest {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final List<Form> FORMS = List.of(
            new Form("text", ColumnType.TEXT, false, "/text"),
            new Form("number", ColumnType.INT64, false, "/number"),
            new Form("sometimes", ColumnType.INT64, true, "/sometimes"),
            new Form("yes", ColumnType.BOOLEAN, true, "/yes"),
            new Form("share", ColumnType.DOUBLE, true, "/inner/share"),
            new Form("list", ColumnType.JSON, true, "/list"),
            new Form("at", ColumnType.TIME, false, "/at"));

    /** So many rows in groups of so many, with nothing, everything, or some of what may be missing. */
    @ParameterizedTest
    @CsvSource({
        "0, 10, 50",
        "1, 10, 0",
        "1, 10, 100",
        "7, 10, 50",
        "8, 8, 50",
        "9, 4, 50",
        "1000, 333, 50",
        "2000, 2000, 90",
        "500, 1, 30"
    })
    void whatWasWrittenIsRead(int rows, int group, int percent) throws IOException {
        Random random = new Random(rows);
        List<ObjectNode> wanted = new ArrayList<>();
        ByteArrayOutputStream file = new ByteArrayOutputStream();
        try (ParquetTable table = new ParquetTable(file, FORMS, group)) {
            for (int i = 0; i < rows; i++) {
                ObjectNode row = row(random, i, percent);
                wanted.add(row);
                table.add(row);
            }
        }

        assertThat(read(file.toByteArray())).isEqualTo(wanted);
    }

    @Test
    void aRowWithoutWhatEveryRowHasIsRefused() throws IOException {
        try (ParquetTable table = new ParquetTable(new ByteArrayOutputStream(), FORMS)) {
            assertThatThrownBy(() -> table.add(JSON.createObjectNode().put("text", "a")))
                    .hasMessageContaining("no number");
        }
    }

    private static ObjectNode row(Random random, int i, int percent) {
        ObjectNode row = JSON.createObjectNode();
        row.put("text", i % 5 == 0 ? "" : "züri-" + i + "\u0000\n");
        row.put("number", random.nextLong());
        if (random.nextInt(100) < percent) {
            row.put("sometimes", random.nextLong(-9, 9));
        }
        if (random.nextInt(100) < percent) {
            row.put("yes", random.nextBoolean());
        }
        if (random.nextInt(100) < percent) {
            row.putObject("inner").put("share", random.nextDouble());
        }
        if (random.nextInt(100) < percent) {
            row.putArray("list").add(i).addObject().put("a", "b");
        }
        row.put("at", 1_790_000_000_000L + i);
        return row;
    }

    private static List<ObjectNode> read(byte[] file) throws IOException {
        List<ObjectNode> found = new ArrayList<>();
        try (ParquetFileReader reader = ParquetFileReader.open(InputFile.of(ByteBuffer.wrap(file)));
                RowReader rows = reader.rowReader()) {
            while (rows.hasNext()) {
                rows.next();
                ObjectNode row = JSON.createObjectNode();
                row.put("text", rows.getString("text"));
                row.put("number", rows.getLong("number"));
                if (!rows.isNull("sometimes")) {
                    row.put("sometimes", rows.getLong("sometimes"));
                }
                if (!rows.isNull("yes")) {
                    row.put("yes", rows.getBoolean("yes"));
                }
                if (!rows.isNull("share")) {
                    row.putObject("inner").put("share", rows.getDouble("share"));
                }
                if (!rows.isNull("list")) {
                    row.set("list", JSON.readTree(rows.getString("list")));
                }
                row.put("at", rows.getTimestamp("at").toEpochMilli());
                found.add(row);
            }
        }
        return found;
    }
}
