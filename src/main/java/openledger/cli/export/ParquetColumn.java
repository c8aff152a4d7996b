package openledger.cli.export;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.BitSet;
import java.util.zip.GZIPOutputStream;

/** The values of a column that are not written yet. Confined to one thread. */
final class ParquetColumn {
    private static final int BITS = 8;

    private final Form form;
    private final BitSet present = new BitSet();
    private final ByteArrayOutputStream values = new ByteArrayOutputStream();
    private int rows;
    private int booleans;
    private int pending;

    ParquetColumn(Form form) {
        this.form = form;
    }

    /** What a column is of: Parquet's physical type, and what that stands for; -1 if for itself. */
    enum ColumnType {
        BOOLEAN(0, -1),
        INT64(2, -1),
        TIME(2, 9),
        DOUBLE(5, -1),
        TEXT(6, 0),
        JSON(6, 19);

        private final int physical;
        private final int converted;

        ColumnType(int physical, int converted) {
            this.physical = physical;
            this.converted = converted;
        }

        int physical() {
            return physical;
        }

        int converted() {
            return converted;
        }
    }

    /**
     * A column of the table.
     *
     * @param path of the member in a decision's JSON, as a JSON pointer
     */
    record Form(String name, ColumnType type, boolean optional, String path) {}

    Form form() {
        return form;
    }

    int rows() {
        return rows;
    }

    /**
     * One row more.
     *
     * @throws IllegalArgumentException if a member is missing that every decision has
     */
    void add(JsonNode decision) {
        JsonNode value = decision.at(form.path);
        boolean isThere = !value.isMissingNode() && !value.isNull();
        if (isThere) {
            present.set(rows);
            write(value);
        } else if (!form.optional) {
            throw new IllegalArgumentException("a decision has no " + form.name);
        }
        rows++;
    }

    private void write(JsonNode value) {
        switch (form.type) {
            case BOOLEAN -> bit(value.booleanValue());
            case INT64, TIME -> fixed(value.longValue());
            case DOUBLE -> fixed(Double.doubleToRawLongBits(value.doubleValue()));
            case TEXT -> bytes(value.asText());
            case JSON -> bytes(value.toString());
        }
    }

    private void bit(boolean value) {
        pending |= (value ? 1 : 0) << (booleans % BITS);
        booleans++;
        if (booleans % BITS == 0) {
            values.write(pending);
            pending = 0;
        }
    }

    private void fixed(long value) {
        values.writeBytes(ByteBuffer.allocate(Long.BYTES)
                .order(ByteOrder.LITTLE_ENDIAN)
                .putLong(value)
                .array());
    }

    private void bytes(String value) {
        byte[] bytes = value.getBytes(StandardCharsets.UTF_8);
        values.writeBytes(length(bytes.length));
        values.writeBytes(bytes);
    }

    private static byte[] length(int length) {
        return ByteBuffer.allocate(Integer.BYTES)
                .order(ByteOrder.LITTLE_ENDIAN)
                .putInt(length)
                .array();
    }

    /** The body of one data page of version 1: definition levels if there may be none, then the values, plain. */
    byte[] page() {
        ByteArrayOutputStream page = new ByteArrayOutputStream();
        if (form.optional) {
            byte[] levels = levels();
            page.writeBytes(length(levels.length));
            page.writeBytes(levels);
        }
        if (booleans % BITS != 0) {
            values.write(pending);
        }
        page.writeBytes(values.toByteArray());
        return page.toByteArray();
    }

    /** One run of bits, packed in groups of eight, the lowest first. */
    private byte[] levels() {
        int groups = (rows + BITS - 1) / BITS;
        ByteArrayOutputStream run = new ByteArrayOutputStream();
        long head = ((long) groups << 1) | 1;
        while ((head & ~0x7fL) != 0) {
            run.write((int) ((head & 0x7f) | 0x80));
            head >>>= 7;
        }
        run.write((int) head);
        byte[] bits = present.toByteArray();
        run.writeBytes(bits);
        for (int i = bits.length; i < groups; i++) {
            run.write(0);
        }
        return run.toByteArray();
    }

    static byte[] zipped(byte[] page) {
        ByteArrayOutputStream zipped = new ByteArrayOutputStream();
        try (GZIPOutputStream out = new GZIPOutputStream(zipped)) {
            out.write(page);
        } catch (IOException impossible) {
            throw new UncheckedIOException("bytes are written in memory", impossible);
        }
        return zipped.toByteArray();
    }
}
