package openledger.store.catalog;

import io.smallrye.mutiny.Uni;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import io.vertx.sqlclient.Pool;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.RowSet;
import io.vertx.sqlclient.Tuple;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import openledger.inference.Catalog.NumberKind;
import openledger.settlement.ledger.LedgerCall.RouteBudget;
import openledger.settlement.receipt.Policies;
import openledger.store.BoundedQuery;
import openledger.unit.Hash32;
import openledger.unit.LaneId;
import openledger.unit.RouteId;

/**
 * Which policy has which route version, from the texts in the database: the text of a policy has the text of each of its
 * routes in it, letter for letter, and one text has one number. So policies of earlier starts are known as well. Thread-safe.
 */
public final class StoredRoutePolicies implements Policies {
    private static final String ROUTE = StoredCatalog.quoted(NumberKind.ROUTE);
    private static final String ROUTES = "from catalog_entry r where r.lane = $1 and r.kind = " + ROUTE
            + " and position(convert_to(r.canonical, 'UTF8') in ";
    /** The newest policy that has all of them, if one has. */
    private static final String ALL = "select p.hash from policy_version p where p.lane = $1"
            + " and (select count(*) " + ROUTES + "p.canonical) > 0 and r.id = any($2)) = $3"
            + " order by p.first_seen desc, p.hash limit 1";
    /** The newest policy of each, and the newest of all. */
    private static final String EACH = "select hash from (select distinct on (hash) hash, first_seen from"
            + " (select (select p.hash from policy_version p where p.lane = $1"
            + " and position(convert_to(r.canonical, 'UTF8') in p.canonical) > 0"
            + " order by p.first_seen desc, p.hash limit 1) as hash"
            + " from catalog_entry r where r.lane = $1 and r.kind = " + ROUTE + " and r.id = any($2)"
            + " union all (select hash from policy_version where lane = $1 order by first_seen desc, hash limit 1)) as named"
            + " join policy_version using (hash) where lane = $1) as found order by first_seen, hash desc";

    private static final String TEXT = "select canonical from policy_version where lane = $1 and hash = $2";
    /** In the order of the text: who reads both on chain sees which number is which route's. */
    private static final String BUDGETS = "select r.id, r.canonical " + ROUTES + "$2) > 0"
            + " order by position(convert_to(r.canonical, 'UTF8') in $2)";

    private final Pool pool;
    private final LaneId lane;

    public StoredRoutePolicies(Pool pool, LaneId lane) {
        this.pool = pool;
        this.lane = lane;
    }

    @Override
    public Uni<List<Hash32>> covering(Set<RouteId> routes) {
        Integer[] ids = routes.stream().map(RouteId::value).toArray(Integer[]::new);
        return query(
                        ALL,
                        Tuple.tuple()
                                .addLong(lane.value())
                                .addArrayOfInteger(ids)
                                .addLong((long) ids.length))
                .chain(rows -> rows.size() > 0
                        ? Uni.createFrom().item(rows)
                        : query(EACH, Tuple.tuple().addLong(lane.value()).addArrayOfInteger(ids)))
                .map(StoredRoutePolicies::hashes);
    }

    @Override
    public Uni<Optional<PolicyText>> byHash(Hash32 hash) {
        return query(TEXT, Tuple.of(lane.value(), Buffer.buffer(hash.bytes())))
                .chain(rows -> rows.size() == 0
                        ? Uni.createFrom().item(Optional.<PolicyText>empty())
                        : policy(rows.iterator().next().getBuffer(0)).map(Optional::of));
    }

    private Uni<PolicyText> policy(Buffer canonical) {
        return query(BUDGETS, Tuple.of(lane.value(), canonical)).map(rows -> {
            List<RouteBudget> budgets = new ArrayList<>();
            for (Row row : rows) {
                budgets.add(budget(row.getInteger(0), row.getString(1)));
            }
            return new PolicyText(canonical.getBytes(), budgets);
        });
    }

    private static RouteBudget budget(int id, String canonical) {
        JsonArray tiers = new JsonObject(canonical).getJsonArray("tiers");
        List<Integer> upTo = new ArrayList<>();
        for (int i = 0; i < tiers.size(); i++) {
            upTo.add(tiers.getJsonObject(i).getInteger("up_to"));
        }
        return new RouteBudget(new RouteId(id), upTo);
    }

    private static List<Hash32> hashes(RowSet<Row> rows) {
        List<Hash32> hashes = new ArrayList<>();
        rows.forEach(row -> hashes.add(Hash32.of(row.getBuffer(0).getBytes())));
        return hashes;
    }

    private Uni<RowSet<Row>> query(String sql, Tuple values) {
        return BoundedQuery.rows(pool, sql, values);
    }
}
