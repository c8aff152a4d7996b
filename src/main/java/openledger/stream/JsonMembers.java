package openledger.stream;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Writes one JSON object, member by member; what is not there is left out. Confined to one thread. */
final class JsonMembers {
    private static final JsonFactory JSON = new JsonFactory();

    private final JsonGenerator out;

    private JsonMembers(JsonGenerator out) {
        this.out = out;
    }

    /** Writes members. */
    @FunctionalInterface
    interface Writer {
        void to(JsonMembers members) throws IOException;
    }

    /** An object with these members, UTF-8. */
    static byte[] object(Writer writer) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream(1_024);
        try (JsonGenerator out = JSON.createGenerator(bytes)) {
            out.writeStartObject();
            writer.to(new JsonMembers(out));
            out.writeEndObject();
        } catch (IOException impossible) {
            throw new UncheckedIOException("bytes are written in memory", impossible);
        }
        return bytes.toByteArray();
    }

    JsonMembers text(String name, @Nullable String value) throws IOException {
        if (value != null) {
            out.writeStringField(name, value);
        }
        return this;
    }

    JsonMembers number(String name, long value) throws IOException {
        out.writeNumberField(name, value);
        return this;
    }

    JsonMembers number(String name, @Nullable Long value) throws IOException {
        return value == null ? this : number(name, value.longValue());
    }

    /** Milliseconds with three decimals. */
    JsonMembers millis(String name, long micros) throws IOException {
        out.writeNumberField(name, micros / 1_000.0);
        return this;
    }

    JsonMembers ifTrue(String name, boolean value) throws IOException {
        if (value) {
            out.writeBooleanField(name, true);
        }
        return this;
    }

    JsonMembers texts(String name, List<String> values) throws IOException {
        out.writeArrayFieldStart(name);
        for (String value : values) {
            out.writeString(value);
        }
        out.writeEndArray();
        return this;
    }

    JsonMembers object(String name, Writer writer) throws IOException {
        out.writeObjectFieldStart(name);
        writer.to(this);
        out.writeEndObject();
        return this;
    }

    JsonMembers objects(String name, List<Writer> writers) throws IOException {
        out.writeArrayFieldStart(name);
        for (Writer writer : writers) {
            out.writeStartObject();
            writer.to(this);
            out.writeEndObject();
        }
        out.writeEndArray();
        return this;
    }
}
