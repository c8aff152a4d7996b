package openledger.cli.reconcile;

import java.io.IOException;
import java.io.Reader;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Reads CSV as RFC 4180 has it and no other: commas, quotes around a whole field, doubled quotes within. Lines may end with a line feed
 * alone, and an empty line is skipped. A field has at most 4,096 characters, a record at most 256 fields. Confined to one thread.
 */
final class CsvReader {
    private static final int LONGEST = 4_096;
    private static final int MOST_FIELDS = 256;
    private static final int END = -1;

    private final Reader in;
    private final StringBuilder field = new StringBuilder();
    private int ahead;
    private boolean hasAhead;
    private long line = 1;
    private long recordLine = 1;

    /** @param in buffered */
    CsvReader(Reader in) {
        this.in = in;
    }

    /** Line on which the record begins that was read last, from 1. */
    long line() {
        return recordLine;
    }

    /** The next record; empty at the end. */
    Optional<List<String>> next() throws IOException, UnreadableExport {
        while (peek() == '\r' || peek() == '\n') {
            endOfLine();
        }
        if (peek() == END) {
            return Optional.empty();
        }
        recordLine = line;
        List<String> fields = new ArrayList<>();
        while (true) {
            fields.add(peek() == '"' ? quoted() : plain());
            if (fields.size() > MOST_FIELDS) {
                throw UnreadableExport.at(recordLine, "a record has more than " + MOST_FIELDS + " fields");
            }
            int after = peek();
            if (after == ',') {
                take();
            } else if (after == END) {
                return Optional.of(fields);
            } else if (after == '\r' || after == '\n') {
                endOfLine();
                return Optional.of(fields);
            } else {
                throw UnreadableExport.at(line, "something follows the closing quote of a field");
            }
        }
    }

    private String plain() throws IOException, UnreadableExport {
        field.setLength(0);
        for (int c = peek(); c != ',' && c != '\r' && c != '\n' && c != END; c = peek()) {
            if (c == '"') {
                throw UnreadableExport.at(line, "a quote is within a field that does not begin with one");
            }
            append(take());
        }
        return field.toString();
    }

    private String quoted() throws IOException, UnreadableExport {
        field.setLength(0);
        take();
        while (true) {
            int c = take();
            if (c == END) {
                throw UnreadableExport.at(recordLine, "a quoted field does not end");
            }
            if (c != '"') {
                line += c == '\n' ? 1 : 0;
                append(c);
            } else if (peek() == '"') {
                append(take());
            } else {
                return field.toString();
            }
        }
    }

    private void append(int c) throws UnreadableExport {
        if (c == 0) {
            throw UnreadableExport.at(line, "there is a null character; the file must be text in UTF-8");
        }
        if (field.length() == LONGEST) {
            throw UnreadableExport.at(recordLine, "a field has more than " + LONGEST + " characters");
        }
        field.append((char) c);
    }

    private void endOfLine() throws IOException, UnreadableExport {
        if (take() == '\r') {
            if (peek() != '\n') {
                throw UnreadableExport.at(line, "a carriage return is not followed by a line feed");
            }
            take();
        }
        line++;
    }

    private int peek() throws IOException {
        if (!hasAhead) {
            ahead = in.read();
            hasAhead = true;
        }
        return ahead;
    }

    private int take() throws IOException {
        int c = peek();
        hasAhead = false;
        return c;
    }
}
