package openledger.store;

import io.vertx.core.buffer.Buffer;
import io.vertx.sqlclient.Tuple;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.List;
import java.util.function.Function;
import openledger.inference.Decision;

/** Many decisions as one statement: a column is an array, and the database makes rows of them. */
final class DecisionRows {
    static final String INSERT = "insert into decision (day, lane, counter, arrival, tenant, route, mode, status,"
            + " last_trigger, attribution, served_tier, served_target, attempts, total_micros, record)"
            + " select * from unnest($1::date[], $2::bigint[], $3::bigint[], $4::bigint[], $5::text[], $6::int[],"
            + " $7::smallint[], $8::smallint[], $9::smallint[], $10::smallint[], $11::smallint[], $12::int[],"
            + " $13::smallint[], $14::bigint[], $15::bytea[]) on conflict do nothing";
    private static final int TYPICAL_RECORD = 256;

    private DecisionRows() {}

    static Tuple of(List<Decision> decisions) {
        return Tuple.tuple()
                .addArrayOfLocalDate(column(decisions, d -> day(d.intent().arrivalMillis()), LocalDate[]::new))
                .addArrayOfLong(column(decisions, d -> d.id().lane(), Long[]::new))
                .addArrayOfLong(column(decisions, d -> d.id().counter(), Long[]::new))
                .addArrayOfLong(column(decisions, d -> d.intent().arrivalMillis(), Long[]::new))
                .addArrayOfString(column(decisions, d -> d.intent().tenant(), String[]::new))
                .addArrayOfInteger(column(decisions, d -> d.intent().route().value(), Integer[]::new))
                .addArrayOfShort(column(decisions, d -> (short) d.mode().code(), Short[]::new))
                .addArrayOfShort(column(decisions, d -> (short) d.status().code(), Short[]::new))
                .addArrayOfShort(column(decisions, d -> (short) d.trigger().code(), Short[]::new))
                .addArrayOfShort(column(decisions, d -> (short) d.attribution().code(), Short[]::new))
                .addArrayOfShort(column(decisions, d -> (short) d.servedTier(), Short[]::new))
                .addArrayOfInteger(column(decisions, Decision::servedTarget, Integer[]::new))
                .addArrayOfShort(column(decisions, d -> (short) d.attempts().size(), Short[]::new))
                .addArrayOfLong(column(decisions, d -> d.timeSplit().total(), Long[]::new))
                .addArrayOfBuffer(column(decisions, DecisionRows::record, Buffer[]::new));
    }

    /** The UTC day of a moment. */
    static LocalDate day(long epochMillis) {
        return Instant.ofEpochMilli(epochMillis).atZone(ZoneOffset.UTC).toLocalDate();
    }

    private static Buffer record(Decision decision) {
        RecordWriter out = new RecordWriter(TYPICAL_RECORD);
        RecordEncoding.write(out, decision);
        return Buffer.buffer(out.toArray());
    }

    private static <T> T[] column(List<Decision> decisions, Function<Decision, T> value, Function<Integer, T[]> array) {
        T[] column = array.apply(decisions.size());
        for (int i = 0; i < column.length; i++) {
            column[i] = value.apply(decisions.get(i));
        }
        return column;
    }
}
