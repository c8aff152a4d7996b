package openledger.cli.export;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import openledger.cli.export.ParquetColumn.Form;

/**
 * Writes a flat table as Apache Parquet, format version 1: plain values, one page a column of a row group, gzip. That is the least that
 * every reader reads, and takes no library: those that write Parquet bring Hadoop. Closing writes the footer, and does not close what is
 * written to. Confined to one thread.
 */
final class ParquetTable implements AutoCloseable {
    private static final byte[] MAGIC = "PAR1".getBytes(StandardCharsets.US_ASCII);
    private static final int ROWS_A_GROUP = 20_000;
    private static final int GZIP = 2;
    private static final int PLAIN = 0;
    private static final int RLE = 3;
    private static final int DATA_PAGE = 0;
    private static final int REQUIRED = 0;
    private static final int OPTIONAL = 1;

    private final OutputStream out;
    private final List<Form> forms;
    private final int rowsAGroup;
    private final List<ThriftStruct> groups = new ArrayList<>();
    private List<ParquetColumn> columns;
    private long written;
    private long rows;

    ParquetTable(OutputStream out, List<Form> forms) throws IOException {
        this(out, forms, ROWS_A_GROUP);
    }

    ParquetTable(OutputStream out, List<Form> forms, int rowsAGroup) throws IOException {
        this.out = out;
        this.forms = forms;
        this.rowsAGroup = rowsAGroup;
        this.columns = empty();
        write(MAGIC);
    }

    private List<ParquetColumn> empty() {
        return forms.stream().map(ParquetColumn::new).toList();
    }

    void add(JsonNode row) throws IOException {
        columns.forEach(column -> column.add(row));
        rows++;
        if (columns.getFirst().rows() == rowsAGroup) {
            group();
        }
    }

    private void group() throws IOException {
        int count = columns.getFirst().rows();
        List<ThriftStruct> chunks = new ArrayList<>();
        long size = 0;
        for (ParquetColumn column : columns) {
            byte[] page = column.page();
            byte[] zipped = ParquetColumn.zipped(page);
            byte[] head = new ThriftStruct()
                    .i32(1, DATA_PAGE)
                    .i32(2, page.length)
                    .i32(3, zipped.length)
                    .struct(
                            5,
                            new ThriftStruct()
                                    .i32(1, count)
                                    .i32(2, PLAIN)
                                    .i32(3, RLE)
                                    .i32(4, RLE))
                    .end();
            long at = written;
            write(head);
            write(zipped);
            long whole = (long) head.length + page.length;
            size += whole;
            chunks.add(new ThriftStruct()
                    .i64(2, at)
                    .struct(
                            3,
                            new ThriftStruct()
                                    .i32(1, column.form().type().physical())
                                    .i32s(2, List.of(PLAIN, RLE))
                                    .texts(3, List.of(column.form().name()))
                                    .i32(4, GZIP)
                                    .i64(5, count)
                                    .i64(6, whole)
                                    .i64(7, (long) head.length + zipped.length)
                                    .i64(9, at)));
        }
        groups.add(new ThriftStruct().structs(1, chunks).i64(2, size).i64(3, count));
        columns = empty();
    }

    @Override
    public void close() throws IOException {
        if (columns.getFirst().rows() > 0) {
            group();
        }
        List<ThriftStruct> schema = new ArrayList<>();
        schema.add(new ThriftStruct().text(4, "decision").i32(5, forms.size()));
        forms.forEach(form -> schema.add(element(form)));
        byte[] footer = new ThriftStruct()
                .i32(1, 1)
                .structs(2, schema)
                .i64(3, rows)
                .structs(4, groups)
                .text(6, "openledger")
                .end();
        write(footer);
        write(ByteBuffer.allocate(Integer.BYTES)
                .order(ByteOrder.LITTLE_ENDIAN)
                .putInt(footer.length)
                .array());
        write(MAGIC);
        out.flush();
    }

    private static ThriftStruct element(Form form) {
        ThriftStruct element = new ThriftStruct()
                .i32(1, form.type().physical())
                .i32(3, form.optional() ? OPTIONAL : REQUIRED)
                .text(4, form.name());
        return form.type().converted() < 0
                ? element
                : element.i32(6, form.type().converted());
    }

    private void write(byte[] bytes) throws IOException {
        out.write(bytes);
        written += bytes.length;
    }
}
