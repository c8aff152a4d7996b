package openledger.store.decision;

import io.vertx.core.buffer.Buffer;
import io.vertx.sqlclient.Tuple;
import java.nio.ByteBuffer;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import openledger.inference.record.Decision;

/** Many decisions as one statement: a column is an array, and the database makes rows of them. Confined to one thread. */
final class DecisionRows {
    static final String INSERT = "insert into decision (day, lane, counter, arrival, tenant, route, mode, status,"
            + " last_trigger, attribution, served_tier, served_target, attempts, total_micros, record)"
            + " select * from unnest($1::date[], $2::bigint[], $3::bigint[], $4::bigint[], $5::text[], $6::int[],"
            + " $7::smallint[], $8::smallint[], $9::smallint[], $10::smallint[], $11::smallint[], $12::int[],"
            + " $13::smallint[], $14::bigint[], $15::bytea[]) on conflict do nothing";
    private final List<Decision> decisions = new ArrayList<>();
    private final List<Buffer> records = new ArrayList<>();

    /**
     * One row more.
     *
     * @param record of the decision, as it stands in its chunk
     */
    void add(Decision decision, ByteBuffer record) {
        byte[] copy = new byte[record.remaining()];
        record.get(record.position(), copy);
        decisions.add(decision);
        records.add(Buffer.buffer(copy));
    }

    boolean isEmpty() {
        return decisions.isEmpty();
    }

    /** When the request of the last one arrived, Unix ms; only if there is one. */
    long lastArrivalMillis() {
        return decisions.getLast().intent().arrivalMillis();
    }

    /** What {@link #INSERT} is to be run with. */
    Tuple columns() {
        return Tuple.tuple()
                .addArrayOfLocalDate(column(d -> day(d.intent().arrivalMillis()), LocalDate[]::new))
                .addArrayOfLong(column(d -> d.id().lane(), Long[]::new))
                .addArrayOfLong(column(d -> d.id().counter(), Long[]::new))
                .addArrayOfLong(column(d -> d.intent().arrivalMillis(), Long[]::new))
                .addArrayOfString(column(d -> d.intent().tenant(), String[]::new))
                .addArrayOfInteger(column(d -> d.intent().route().value(), Integer[]::new))
                .addArrayOfShort(column(d -> (short) d.mode().code(), Short[]::new))
                .addArrayOfShort(column(d -> (short) d.status().code(), Short[]::new))
                .addArrayOfShort(column(d -> (short) d.trigger().code(), Short[]::new))
                .addArrayOfShort(column(d -> (short) d.attribution().code(), Short[]::new))
                .addArrayOfShort(column(d -> (short) d.servedTier(), Short[]::new))
                .addArrayOfInteger(column(Decision::servedTarget, Integer[]::new))
                .addArrayOfShort(column(d -> (short) d.attempts().size(), Short[]::new))
                .addArrayOfLong(column(d -> d.timeSplit().total(), Long[]::new))
                .addArrayOfBuffer(records.toArray(Buffer[]::new));
    }

    /** The UTC day of a moment. */
    static LocalDate day(long epochMillis) {
        return Instant.ofEpochMilli(epochMillis).atZone(ZoneOffset.UTC).toLocalDate();
    }

    private <T> T[] column(Function<Decision, T> value, Function<Integer, T[]> array) {
        T[] column = array.apply(decisions.size());
        for (int i = 0; i < column.length; i++) {
            column[i] = value.apply(decisions.get(i));
        }
        return column;
    }
}
