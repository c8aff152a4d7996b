package openledger.cli.export;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;

/** Writes a struct in Thrift's compact protocol, as far as Parquet's footer needs it. Confined to one thread. */
final class ThriftStruct {
    private static final int I32 = 5;
    private static final int I64 = 6;
    private static final int BINARY = 8;
    private static final int LIST = 9;
    private static final int STRUCT = 12;
    private static final int SHORT_LIST = 15;

    private final ByteArrayOutputStream out = new ByteArrayOutputStream();
    private int lastField;

    /** The bytes of the struct; to be called last. */
    byte[] end() {
        out.write(0);
        return out.toByteArray();
    }

    ThriftStruct i32(int field, int value) {
        head(field, I32);
        varint(zigzag(value));
        return this;
    }

    ThriftStruct i64(int field, long value) {
        head(field, I64);
        varint(zigzag(value));
        return this;
    }

    ThriftStruct text(int field, String value) {
        head(field, BINARY);
        text(value);
        return this;
    }

    /** A struct that has been ended. */
    ThriftStruct struct(int field, ThriftStruct value) {
        head(field, STRUCT);
        out.writeBytes(value.end());
        return this;
    }

    ThriftStruct structs(int field, List<ThriftStruct> values) {
        list(field, STRUCT, values.size());
        values.forEach(value -> out.writeBytes(value.end()));
        return this;
    }

    ThriftStruct texts(int field, List<String> values) {
        list(field, BINARY, values.size());
        values.forEach(this::text);
        return this;
    }

    ThriftStruct i32s(int field, List<Integer> values) {
        list(field, I32, values.size());
        values.forEach(value -> varint(zigzag(value)));
        return this;
    }

    /** Fields are written in the order of their numbers, so that a head has the difference. */
    private void head(int field, int type) {
        int difference = field - lastField;
        if (difference < 1 || difference > SHORT_LIST) {
            throw new IllegalArgumentException("field " + field + " behind " + lastField);
        }
        out.write((difference << 4) | type);
        lastField = field;
    }

    private void list(int field, int type, int size) {
        head(field, LIST);
        if (size < SHORT_LIST) {
            out.write((size << 4) | type);
        } else {
            out.write((SHORT_LIST << 4) | type);
            varint(size);
        }
    }

    private void text(String value) {
        byte[] bytes = value.getBytes(StandardCharsets.UTF_8);
        varint(bytes.length);
        out.writeBytes(bytes);
    }

    private static long zigzag(long value) {
        return (value << 1) ^ (value >> 63);
    }

    private void varint(long value) {
        long rest = value;
        while ((rest & ~0x7fL) != 0) {
            out.write((int) ((rest & 0x7f) | 0x80));
            rest >>>= 7;
        }
        out.write((int) rest);
    }
}
