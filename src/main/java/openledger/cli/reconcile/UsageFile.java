package openledger.cli.reconcile;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.BufferedInputStream;
import java.io.BufferedReader;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.Reader;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.CodingErrorAction;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * Reads a file of a usage export into a {@link UsageExport}. Its form is known by how it begins: a JSON document (a page of a usage API, or
 * an array of calls), JSON lines, or CSV. A file may come from anywhere: it is text in UTF-8 of at most 2 GiB, read as a stream, but a JSON
 * document, which is read whole, has at most 64 MiB.
 */
final class UsageFile {
    private static final long LARGEST = 2L << 30;
    private static final int LARGEST_DOCUMENT = 64 << 20;
    private static final int LONGEST_LINE = 1 << 20;
    private static final int DEEPEST = 16;
    private static final int LONGEST_TEXT = 1 << 16;
    private static final int LONGEST_NUMBER = 32;
    private static final int BUFFER = 1 << 16;
    private static final int BOM = 0xfeff;
    private static final ObjectMapper JSON = JsonMapper.builder(JsonFactory.builder()
                    .streamReadConstraints(StreamReadConstraints.builder()
                            .maxNestingDepth(DEEPEST)
                            .maxStringLength(LONGEST_TEXT)
                            .maxNameLength(LONGEST_TEXT)
                            .maxNumberLength(LONGEST_NUMBER)
                            .build())
                    .build())
            .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
            .enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS)
            .build();

    private final ExportForms forms;

    /** @param forms what rows may be like */
    UsageFile(ExportForms forms) {
        this.forms = forms;
    }

    /** Adds what a file has. */
    void read(Path file) throws IOException, UnreadableExport {
        try (InputStream bytes = new Bounded(Files.newInputStream(file));
                BufferedReader in = text(bytes)) {
            begin(in);
            int first = peek(in);
            if (first == '{' || first == '[') {
                json(in, first);
            } else {
                csv(in);
            }
            forms.endOfFile();
        } catch (CharacterCodingException e) {
            throw new UnreadableExport("it is not text in UTF-8", e);
        }
    }

    private static BufferedReader text(InputStream bytes) {
        return new BufferedReader(
                new InputStreamReader(
                        new BufferedInputStream(bytes, BUFFER),
                        StandardCharsets.UTF_8
                                .newDecoder()
                                .onMalformedInput(CodingErrorAction.REPORT)
                                .onUnmappableCharacter(CodingErrorAction.REPORT)),
                BUFFER);
    }

    private static void begin(Reader in) throws IOException {
        in.mark(1);
        if (in.read() != BOM) {
            in.reset();
        }
    }

    private static int peek(Reader in) throws IOException {
        while (true) {
            in.mark(1);
            int c = in.read();
            if (c < 0 || !Character.isWhitespace(c)) {
                in.reset();
                return c;
            }
        }
    }

    private void csv(Reader in) throws IOException, UnreadableExport {
        CsvReader csv = new CsvReader(in);
        Optional<List<String>> first = csv.next();
        if (first.isEmpty()) {
            throw new UnreadableExport("it is empty");
        }
        List<String> header = first.get().stream()
                .map(name -> name.strip().toLowerCase(Locale.ROOT))
                .toList();
        if (new HashSet<>(header).size() < header.size()) {
            throw new UnreadableExport("two columns of its header have the same name");
        }
        for (Optional<List<String>> record = csv.next(); record.isPresent(); record = csv.next()) {
            forms.row(ExportRow.of(csv.line(), header, record.get()));
        }
    }

    /** Lines, if the first of them is an object by itself that is no page; else one document. */
    private void json(BufferedReader in, int first) throws IOException, UnreadableExport {
        if (first == '[') {
            document(in, new StringBuilder());
            return;
        }
        StringBuilder line = new StringBuilder();
        boolean isWhole = line(in, line, LARGEST_DOCUMENT);
        Optional<JsonNode> object = object(line.toString());
        if (object.isEmpty() || object.get().has("data")) {
            document(in, line.append('\n'));
            return;
        }
        forms.row(ExportRow.of(1, object.get()));
        for (long number = 2; isWhole; number++) {
            line.setLength(0);
            isWhole = line(in, line, LONGEST_LINE);
            if (!line.toString().isBlank()) {
                JsonNode node =
                        object(line.toString()).orElseThrow(() -> new UnreadableExport("a line is no JSON object"));
                forms.row(ExportRow.of(number, node));
            }
        }
    }

    /** Takes a line; true if another may follow. */
    private static boolean line(Reader in, StringBuilder into, int most) throws IOException, UnreadableExport {
        for (int c = in.read(); c >= 0; c = in.read()) {
            if (c == '\n') {
                return true;
            }
            if (into.length() == most) {
                throw new UnreadableExport("a line has more than " + most + " characters");
            }
            into.append((char) c);
        }
        return false;
    }

    private static Optional<JsonNode> object(String text) {
        try {
            return Optional.ofNullable(JSON.readTree(text)).filter(JsonNode::isObject);
        } catch (JsonProcessingException e) {
            return Optional.empty();
        }
    }

    private void document(Reader in, StringBuilder text) throws IOException, UnreadableExport {
        char[] part = new char[BUFFER];
        for (int count = in.read(part); count >= 0; count = in.read(part)) {
            if (text.length() + count > LARGEST_DOCUMENT) {
                throw new UnreadableExport(
                        "a JSON document has at most " + LARGEST_DOCUMENT + " characters; use JSON lines or CSV");
            }
            text.append(part, 0, count);
        }
        JsonNode root;
        try {
            root = JSON.readTree(text.toString());
        } catch (JsonProcessingException e) {
            throw new UnreadableExport(
                    "it is not one JSON document of " + DEEPEST + " levels at most, nor JSON lines", e);
        }
        if (root.isArray()) {
            rows(root);
        } else if (root.path("data").isArray()) {
            forms.page(root);
        } else {
            throw new UnreadableExport("it is JSON, but neither a page with 'data' nor calls");
        }
    }

    private void rows(JsonNode array) throws UnreadableExport {
        long number = 0;
        for (JsonNode each : array) {
            number++;
            if (each.path("results").isArray() || each.path("data").isArray()) {
                forms.pageOrBucket(each);
            } else if (each.isObject()) {
                forms.row(ExportRow.of(number, each));
            } else {
                throw new UnreadableExport("an entry of its array is no object");
            }
        }
    }

    /** Ends a file that is too large, instead of reading on. */
    private static final class Bounded extends FilterInputStream {
        private long left = LARGEST;

        Bounded(InputStream in) {
            super(in);
        }

        @Override
        public int read() throws IOException {
            int c = in.read();
            spend(c < 0 ? 0 : 1);
            return c;
        }

        @Override
        public int read(byte[] into, int from, int length) throws IOException {
            int count = in.read(into, from, length);
            spend(Math.max(0, count));
            return count;
        }

        private void spend(int bytes) throws IOException {
            left -= bytes;
            if (left < 0) {
                throw new IOException("the file has more than " + LARGEST + " bytes");
            }
        }
    }
}
