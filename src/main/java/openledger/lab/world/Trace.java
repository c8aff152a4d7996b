package openledger.lab.world;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeFormatterBuilder;
import java.time.temporal.ChronoField;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.SplittableRandom;
import openledger.lab.engine.Arrival;
import openledger.lab.engine.Arrivals;

/**
 * Arrivals and sizes of requests that were observed: a CSV file with the columns {@code TIMESTAMP,ContextTokens,GeneratedTokens},
 * as the Azure LLM inference traces have them. Immutable.
 */
public final class Trace {
    private static final int MOST_REQUESTS = 1_000_000;
    private static final int LARGEST_FILE = 256 << 20;
    private static final int COLUMNS = 3;
    private static final double NANOS_A_MILLI = 1e6;
    private static final double MILLIS_A_SECOND = 1e3;
    /** How much reading a token and writing one weigh against each other: a prompt is read in parallel, an answer is not. */
    private static final double READ = 0.25;

    private static final double WRITTEN = 30;
    private static final int TENANTS = 20;
    private static final DateTimeFormatter TIME = new DateTimeFormatterBuilder()
            .appendPattern("yyyy-MM-dd HH:mm:ss")
            .appendFraction(ChronoField.NANO_OF_SECOND, 0, 9, true)
            .toFormatter(Locale.ROOT);

    private final double[] millis;
    private final double[] stretch;

    private Trace(double[] millis, double[] stretch) {
        this.millis = millis;
        this.stretch = stretch;
    }

    /**
     * Reads a file.
     *
     * @throws IOException if it cannot be read, with the line that is wrong
     */
    public static Trace read(Path file) throws IOException {
        List<String> lines = lines(file);
        List<double[]> rows = new ArrayList<>();
        for (int i = 1; i < lines.size(); i++) {
            if (!lines.get(i).isBlank()) {
                rows.add(row(file, i + 1, lines.get(i)));
            }
        }
        if (rows.size() < 2 || rows.size() > MOST_REQUESTS) {
            throw new IOException(file + " has " + rows.size() + " requests; 2 to " + MOST_REQUESTS + " are needed");
        }
        double first = rows.getFirst()[0];
        double[] millis = rows.stream().mapToDouble(row -> row[0] - first).toArray();
        double mean = rows.stream().mapToDouble(row -> row[1]).average().orElse(1);
        double[] stretch = rows.stream().mapToDouble(row -> row[1] / mean).toArray();
        if (millis[millis.length - 1] <= 0) {
            throw new IOException(file + ": all of it is one moment");
        }
        return new Trace(millis, stretch);
    }

    /** One byte more is enough to tell that a file is too large; what is no ordinary file has no size. */
    private static List<String> lines(Path file) throws IOException {
        byte[] bytes;
        try (InputStream in = Files.newInputStream(file)) {
            bytes = in.readNBytes(LARGEST_FILE + 1);
        }
        if (bytes.length > LARGEST_FILE) {
            throw new IOException(file + " is larger than " + (LARGEST_FILE >> 20) + " MiB");
        }
        return new String(bytes, StandardCharsets.UTF_8).lines().toList();
    }

    /** Moment, and size of the call in any unit. */
    private static double[] row(Path file, int number, String line) throws IOException {
        String[] cells = line.split(",", -1);
        try {
            if (cells.length >= COLUMNS) {
                Instant moment = LocalDateTime.parse(cells[0].strip(), TIME).toInstant(ZoneOffset.UTC);
                double at = moment.getEpochSecond() * MILLIS_A_SECOND + moment.getNano() / NANOS_A_MILLI;
                double size = READ * tokens(cells[1]) + WRITTEN * tokens(cells[2]);
                return new double[] {at, Math.max(1, size)};
            }
        } catch (DateTimeException | NumberFormatException e) {
            throw new IOException(file + ", line " + number + ": " + e.getMessage(), e);
        }
        throw new IOException(file + ", line " + number + ": TIMESTAMP,ContextTokens,GeneratedTokens are needed");
    }

    private static long tokens(String cell) {
        long tokens = Long.parseLong(cell.strip());
        if (tokens < 0) {
            throw new NumberFormatException("tokens are not negative: " + tokens);
        }
        return tokens;
    }

    /** Requests in it. */
    public int count() {
        return millis.length;
    }

    /**
     * Requests of a seed: as they came, from a place of the trace on that the seed draws, faster or slower by one factor.
     *
     * @param count how many; the trace begins again at its end
     * @param perSecond on average over the trace
     */
    public Requested requests(long seed, int count, double perSecond) {
        SplittableRandom random = new SplittableRandom(seed);
        int start = random.nextInt(millis.length);
        // One mean gap closes the circle.
        double round = millis[millis.length - 1] * millis.length / (millis.length - 1);
        double factor = MILLIS_A_SECOND * millis.length / perSecond / round;
        List<Arrival> arrivals = new ArrayList<>(count);
        double[] stretches = new double[count];
        for (int i = 0; i < count; i++) {
            int at = (start + i) % millis.length;
            int rounds = (start + i) / millis.length;
            double when = (millis[at] + rounds * round - millis[start]) * factor;
            arrivals.add(new Arrival(i, when, random.nextInt(TENANTS), random.nextLong(), Arrival.ALONE));
            stretches[i] = stretch[at];
        }
        return new Requested(List.copyOf(arrivals), stretches);
    }

    /**
     * Requests and their sizes.
     *
     * @param stretch how much longer than others' the answer of each takes, 1 on average over the trace
     */
    public @SuppressWarnings("ArrayRecordComponent") // nobody compares it
    record Requested(List<Arrival> arrivals, double[] stretch) {
        /** The same as plain numbers. */
        public Arrivals numbers() {
            Arrivals plain = Arrivals.of(arrivals);
            System.arraycopy(stretch, 0, plain.stretch(), 0, stretch.length);
            return plain;
        }
    }
}
