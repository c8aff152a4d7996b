package openledger.inference.fairness;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.zip.Deflater;
import java.util.zip.DeflaterOutputStream;
import java.util.zip.InflaterInputStream;
import openledger.commitment.leaf.LeafMode;
import openledger.fairness.FairnessPart;
import openledger.fairness.FairnessWindow;
import openledger.fairness.PartBytes;
import openledger.fairness.Proportion;
import openledger.fairness.Slo;
import openledger.inference.fairness.FairnessSeries.CohortCount;

/**
 * What a router has counted in a stretch of time, as bytes for other routers: a byte for the version, and the rest deflated. A new version
 * is needed for whatever changes, a new objective as well; routers that do not know each other's versions say that they lack each other.
 * Pure.
 */
public final class PartsEncoding {
    /** Largest that is written or read. */
    public static final int MOST_BYTES = 4 * 1024 * 1024;

    private static final byte VERSION = 1;
    private static final int MOST_INFLATED = 16 * 1024 * 1024;
    private static final int MOST_NAME = 1_024;
    private static final int MOST_SERIES = 4_096;
    /** Of counters since a start: a century of a million a second, so that no sum of some of them is too large. */
    private static final long MOST_COUNTED = 1L << 52;

    private static final Proportion NOTHING = new Proportion(0, 0);
    private static final int NUMBER = 9;
    private static final int LARGEST_SERIES =
            MOST_NAME + FairnessPart.MOST_BYTES + NUMBER * (2 + 4 * Slo.values().length + 4 * FairnessWindow.COHORTS);

    private PartsEncoding() {}

    /**
     * What a router has counted.
     *
     * @param cohorts which secret its cohorts are of ({@link openledger.commitment.leaf.LaneSecret#cohortsName})
     * @param first number of the first stretch that it has counted
     * @param leftOut series for which there was no room
     * @param series those that had a request since the router's start
     */
    public record Counted(long cohorts, long first, int leftOut, List<SeriesPart> series) {
        public Counted {
            series = List.copyOf(series);
        }
    }

    /** The bytes, {@link #MOST_BYTES} at most; series for which there is no room, those with the fewest requests, are left out. */
    public static byte[] write(Counted counted) {
        List<SeriesPart> busiest = new ArrayList<>(counted.series);
        busiest.sort(Comparator.comparingLong(PartsEncoding::requests).reversed());
        for (int taken = Math.min(MOST_SERIES, busiest.size()); ; taken /= 2) {
            Optional<byte[]> bytes = write(counted, busiest.subList(0, taken));
            if (bytes.isPresent()) {
                return bytes.get();
            }
        }
    }

    private static long requests(SeriesPart of) {
        return of.totals().cohorts().stream().mapToLong(CohortCount::admitted).sum();
    }

    private static Optional<byte[]> write(Counted counted, List<SeriesPart> taken) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        bytes.write(VERSION);
        Deflater deflater = new Deflater(Deflater.BEST_SPEED);
        long inflated = 0;
        try (DeflaterOutputStream out = new DeflaterOutputStream(bytes, deflater)) {
            ByteBuffer one = ByteBuffer.allocate(LARGEST_SERIES);
            one.putLong(counted.cohorts);
            PartBytes.write(one, counted.first);
            PartBytes.write(one, counted.series.size() - taken.size());
            PartBytes.write(one, Slo.values().length);
            PartBytes.write(one, taken.size());
            inflated += flush(one, out);
            for (SeriesPart series : taken) {
                write(series, one);
                inflated += flush(one, out);
            }
        } catch (IOException impossible) {
            throw new UncheckedIOException(impossible);
        } finally {
            deflater.end();
        }
        boolean fits = inflated <= MOST_INFLATED && bytes.size() <= MOST_BYTES;
        return fits ? Optional.of(bytes.toByteArray()) : Optional.empty();
    }

    private static int flush(ByteBuffer one, DeflaterOutputStream out) throws IOException {
        byte[] bytes = new byte[one.position()];
        one.flip().get(bytes).clear();
        out.write(bytes);
        return bytes.length;
    }

    private static void write(SeriesPart series, ByteBuffer to) {
        FairnessSeries totals = series.totals();
        byte[] route = totals.key().route().getBytes(StandardCharsets.UTF_8);
        PartBytes.write(to, route.length);
        to.put(route);
        PartBytes.write(to, totals.key().mode().code());
        for (Slo slo : Slo.values()) {
            write(totals.sinceStart().getOrDefault(slo, NOTHING), to);
            write(totals.lastHour().getOrDefault(slo, NOTHING), to);
        }
        for (CohortCount count : totals.cohorts()) {
            PartBytes.write(to, count.admitted());
            // It may have been read a moment later.
            PartBytes.write(to, Math.min(count.denied(), count.admitted()));
            PartBytes.write(to, count.inputTokens());
            PartBytes.write(to, count.cachedTokens());
        }
        PartBytes.write(to, series.part().isPresent() ? 1 : 0);
        series.part().ifPresent(part -> part.write(to));
    }

    private static void write(Proportion share, ByteBuffer to) {
        PartBytes.write(to, share.good());
        PartBytes.write(to, share.total());
    }

    /**
     * Reads them.
     *
     * @throws IllegalArgumentException if they are anything that no router writes
     */
    public static Counted read(byte[] bytes) {
        if (bytes.length == 0 || bytes.length > MOST_BYTES || bytes[0] != VERSION) {
            throw new IllegalArgumentException("not of version " + VERSION);
        }
        ByteBuffer from = ByteBuffer.wrap(inflated(bytes));
        if (from.remaining() < Long.BYTES) {
            throw new IllegalArgumentException("too short");
        }
        long cohorts = from.getLong();
        long first = PartBytes.read(from, Long.MAX_VALUE);
        int leftOut = (int) PartBytes.read(from, Integer.MAX_VALUE);
        if (PartBytes.read(from, Integer.MAX_VALUE) != Slo.values().length) {
            throw new IllegalArgumentException("other objectives");
        }
        int count = (int) PartBytes.read(from, MOST_SERIES);
        List<SeriesPart> series = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            series.add(series(from));
        }
        if (from.hasRemaining()) {
            throw new IllegalArgumentException("something behind the last series");
        }
        return new Counted(cohorts, first, leftOut, series);
    }

    private static byte[] inflated(byte[] bytes) {
        try (InflaterInputStream in = new InflaterInputStream(new ByteArrayInputStream(bytes, 1, bytes.length - 1))) {
            byte[] inflated = in.readNBytes(MOST_INFLATED + 1);
            if (inflated.length > MOST_INFLATED) {
                throw new IllegalArgumentException("too much");
            }
            return inflated;
        } catch (IOException broken) {
            throw new IllegalArgumentException("not deflated", broken);
        }
    }

    private static SeriesPart series(ByteBuffer from) {
        String route = name(from);
        LeafMode mode = LeafMode.ofCode((int) PartBytes.read(from, 0xff));
        if (mode.isReleased()) {
            throw new IllegalArgumentException("released requests count with the others");
        }
        Map<Slo, Proportion> sinceStart = new EnumMap<>(Slo.class);
        Map<Slo, Proportion> lastHour = new EnumMap<>(Slo.class);
        for (Slo slo : Slo.values()) {
            sinceStart.put(slo, proportion(from));
            lastHour.put(slo, proportion(from));
        }
        List<CohortCount> cohorts = new ArrayList<>(FairnessWindow.COHORTS);
        for (int cohort = 0; cohort < FairnessWindow.COHORTS; cohort++) {
            cohorts.add(cohort(from));
        }
        Optional<FairnessPart> part =
                PartBytes.read(from, 1) == 1 ? Optional.of(FairnessPart.read(from)) : Optional.empty();
        FairnessSeries.Key key = new FairnessSeries.Key(route, mode);
        return new SeriesPart(new FairnessSeries(key, Optional.empty(), sinceStart, lastHour, cohorts), part);
    }

    private static String name(ByteBuffer from) {
        int length = (int) PartBytes.read(from, MOST_NAME);
        if (length > from.remaining()) {
            throw new IllegalArgumentException("a name is missing");
        }
        ByteBuffer name = from.slice(from.position(), length);
        from.position(from.position() + length);
        try {
            return StandardCharsets.UTF_8.newDecoder().decode(name).toString();
        } catch (CharacterCodingException broken) {
            throw new IllegalArgumentException("a name is no text", broken);
        }
    }

    private static Proportion proportion(ByteBuffer from) {
        long good = PartBytes.read(from, MOST_COUNTED);
        long total = PartBytes.read(from, MOST_COUNTED);
        return new Proportion(good, total);
    }

    private static CohortCount cohort(ByteBuffer from) {
        long admitted = PartBytes.read(from, MOST_COUNTED);
        long denied = PartBytes.read(from, MOST_COUNTED);
        long input = PartBytes.read(from, MOST_COUNTED);
        long cached = PartBytes.read(from, MOST_COUNTED);
        if (denied > admitted) {
            throw new IllegalArgumentException("more denied than admitted");
        }
        return new CohortCount(admitted, denied, input, cached);
    }
}
