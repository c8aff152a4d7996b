package openledger.cli.export;

import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;

/** A file of decisions, which has its name once it is whole. Confined to one thread. */
abstract sealed class DecisionFile implements AutoCloseable {
    private final Path file;
    private final Path part;
    private final OutputStream out;
    private boolean isWhole;

    private DecisionFile(Path file) throws IOException {
        this.file = file;
        this.part = file.resolveSibling(file.getFileName() + ".part");
        this.out = new BufferedOutputStream(
                Files.newOutputStream(part, StandardOpenOption.CREATE, StandardOpenOption.TRUNCATE_EXISTING));
    }

    /** How decisions are written. */
    enum Format {
        JSONL,
        PARQUET
    }

    static DecisionFile of(Format format, Path file) throws IOException {
        return switch (format) {
            case JSONL -> new Lines(file);
            case PARQUET -> new Table(file);
        };
    }

    OutputStream out() {
        return out;
    }

    /** One decision more, as JSON. */
    abstract void add(byte[] decision) throws IOException;

    /** All of them are there. */
    void finish() throws IOException {
        end();
        out.close();
        Files.move(part, file, StandardCopyOption.ATOMIC_MOVE);
        isWhole = true;
    }

    void end() throws IOException {}

    /** What is not whole goes. */
    @Override
    public void close() throws IOException {
        if (!isWhole) {
            out.close();
            Files.deleteIfExists(part);
        }
    }

    private static final class Lines extends DecisionFile {
        Lines(Path file) throws IOException {
            super(file);
        }

        @Override
        void add(byte[] decision) throws IOException {
            out().write(decision);
            out().write('\n');
        }
    }

    private static final class Table extends DecisionFile {
        private static final ObjectMapper JSON = new ObjectMapper();

        private final ParquetTable table;

        Table(Path file) throws IOException {
            super(file);
            table = new ParquetTable(out(), DecisionColumns.ALL);
        }

        @Override
        void add(byte[] decision) throws IOException {
            table.add(JSON.readTree(decision));
        }

        @Override
        void end() throws IOException {
            table.close();
        }
    }
}
