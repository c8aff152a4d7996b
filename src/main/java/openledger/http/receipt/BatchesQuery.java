package openledger.http.receipt;

import jakarta.ws.rs.core.MultivaluedMap;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import openledger.http.QueryValues;
import openledger.http.QueryValues.InvalidQuery;
import openledger.http.SequenceText;
import openledger.unit.LaneId;

/**
 * The query strings of the addresses below {@code /v1/batches}.
 *
 * @param lane whose batches
 * @param before only batches of a lower sequence
 * @param limit 1 to 1_000
 */
record BatchesQuery(LaneId lane, long before, int limit) {
    private static final String LANE = "lane";
    private static final String BEFORE = "before";
    private static final String LIMIT = "limit";
    private static final String PART = "part";
    private static final int DEFAULT_LIMIT = 100;
    private static final int LARGEST_LIMIT = 1_000;

    /** Which data of a batch. */
    enum Part {
        LEAVES,
        RECORDS,
        SNAPSHOTS,
        TREES
    }

    /** Which data, of which lane. */
    record OfData(LaneId lane, Part part) {}

    static BatchesQuery list(MultivaluedMap<String, String> parameters, LaneId own) throws InvalidQuery {
        QueryValues values = QueryValues.of(parameters, List.of(LANE, BEFORE, LIMIT));
        long before = number(values, BEFORE).orElse(Long.MAX_VALUE);
        long limit = number(values, LIMIT).orElse(DEFAULT_LIMIT);
        if (limit > LARGEST_LIMIT) {
            throw new InvalidQuery(LIMIT, "A limit must be a number from 1 to 1000.");
        }
        return new BatchesQuery(lane(values, own), before, (int) limit);
    }

    static LaneId lane(MultivaluedMap<String, String> parameters, LaneId own) throws InvalidQuery {
        return lane(QueryValues.of(parameters, List.of(LANE)), own);
    }

    static OfData data(MultivaluedMap<String, String> parameters, LaneId own) throws InvalidQuery {
        QueryValues values = QueryValues.of(parameters, List.of(LANE, PART));
        Part part = switch (values.get(PART).orElse("leaves")) {
            case "leaves" -> Part.LEAVES;
            case "records" -> Part.RECORDS;
            case "snapshots" -> Part.SNAPSHOTS;
            case "trees" -> Part.TREES;
            default -> throw new InvalidQuery(PART, "A part must be 'leaves', 'records', 'snapshots' or 'trees'.");
        };
        return new OfData(lane(values, own), part);
    }

    private static LaneId lane(QueryValues values, LaneId own) throws InvalidQuery {
        OptionalLong number = number(values, LANE);
        return number.isPresent() ? new LaneId(number.getAsLong()) : own;
    }

    private static OptionalLong number(QueryValues values, String name) throws InvalidQuery {
        Optional<String> text = values.get(name);
        if (text.isEmpty()) {
            return OptionalLong.empty();
        }
        OptionalLong number = SequenceText.parse(text.get());
        if (number.isEmpty()) {
            throw new InvalidQuery(name, "'" + name + "' must be a number from 1, with at most 18 digits.");
        }
        return number;
    }
}
