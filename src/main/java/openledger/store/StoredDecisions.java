package openledger.store;

import io.smallrye.mutiny.Uni;
import io.vertx.core.Vertx;
import io.vertx.sqlclient.Pool;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import openledger.inference.Decision;
import openledger.inference.Decisions;
import openledger.store.RecordEncoding.JournalRecord;
import openledger.unit.LaneId;
import openledger.unit.RequestId;
import org.hibernate.reactive.mutiny.Mutiny;
import org.jspecify.annotations.Nullable;

/** Decisions by Hibernate Reactive; what has not been derived yet is looked up in the journal itself. Thread-safe. */
public final class StoredDecisions implements Decisions {
    private static final String ONE =
            "from DecisionEntity where lane = :lane and counter = :counter and tenant = :tenant";
    private final Mutiny.SessionFactory sessions;
    private final JournalSearch journal;
    private final StoredCatalog catalog;

    public StoredDecisions(Mutiny.SessionFactory sessions, Vertx vertx, Pool pool, StoredCatalog catalog) {
        this.sessions = sessions;
        this.journal = new JournalSearch(vertx, pool);
        this.catalog = catalog;
    }

    @Override
    public Uni<Optional<Found>> find(RequestId id, String tenant) {
        // Rows may be derived, and the journal's mark move past them, between the first two questions: hence the third.
        return findRow(id, tenant)
                .chain(row -> row.isPresent() ? just(row) : findInJournal(id, tenant))
                .chain(found -> found.isPresent() ? just(found) : findRow(id, tenant));
    }

    private static Uni<Optional<Found>> just(Optional<Found> found) {
        return Uni.createFrom().item(found);
    }

    private Uni<Optional<Found>> findRow(RequestId id, String tenant) {
        return BoundedQuery.of(sessions.withSession(session -> row(session, id, tenant)))
                .map(row -> Optional.ofNullable(row).map(there -> new Found.Finished(decision(there))));
    }

    private static Uni<@Nullable DecisionEntity> row(Mutiny.Session session, RequestId id, String tenant) {
        return session.createSelectionQuery(ONE, DecisionEntity.class)
                .setParameter("lane", id.lane())
                .setParameter("counter", id.counter())
                .setParameter("tenant", tenant)
                .getSingleResultOrNull();
    }

    private Uni<Optional<Found>> findInJournal(RequestId id, String tenant) {
        return journal.find(id).map(found -> found.filter(any -> tenant.equals(tenantOf(any))));
    }

    private static String tenantOf(Found found) {
        return switch (found) {
            case Found.Open(var id, var intent) -> intent.tenant();
            case Found.Finished(var decision) -> decision.intent().tenant();
        };
    }

    @Override
    public Uni<Page> list(Filter filter) {
        Map<String, Object> values = new HashMap<>();
        String query = query(filter, values);
        return BoundedQuery.of(sessions.withSession(session -> {
                    var selection = session.createSelectionQuery(query, DecisionEntity.class);
                    values.forEach(selection::setParameter);
                    return selection.setMaxResults(filter.limit() + 1).getResultList();
                }))
                .map(rows -> page(rows, filter.limit()));
    }

    private String query(Filter filter, Map<String, Object> values) {
        List<String> conditions = new ArrayList<>(List.of("tenant = :tenant"));
        values.put("tenant", filter.tenant());
        if (filter.fromMillis() > 0) {
            conditions.add("arrival >= :from and day >= :fromDay");
            values.put("from", filter.fromMillis());
            values.put("fromDay", DecisionRows.day(filter.fromMillis()));
        }
        if (filter.toMillis() < Long.MAX_VALUE) {
            conditions.add("arrival < :to");
            values.put("to", filter.toMillis());
        }
        filter.route().ifPresent(name -> {
            conditions.add("route in :routes");
            values.put("routes", catalog.routeIds(name));
        });
        filter.status().ifPresent(status -> {
            conditions.add("status = :status");
            values.put("status", (short) status.code());
        });
        filter.trigger().ifPresent(trigger -> {
            conditions.add("lastTrigger = :trigger");
            values.put("trigger", (short) trigger.code());
        });
        filter.after().ifPresent(cursor -> {
            conditions.add(
                    "(arrival < :at or arrival = :at and (lane < :lane or lane = :lane and counter < :counter))");
            values.put("at", cursor.arrivalMillis());
            values.put("lane", cursor.id().lane());
            values.put("counter", cursor.id().counter());
        });
        return "from DecisionEntity where " + String.join(" and ", conditions)
                + " order by arrival desc, lane desc, counter desc";
    }

    private static Page page(List<DecisionEntity> rows, int limit) {
        List<Decision> decisions =
                rows.stream().limit(limit).map(StoredDecisions::decision).toList();
        if (rows.size() <= limit) {
            return new Page(decisions, Optional.empty());
        }
        Decision last = decisions.getLast();
        return new Page(decisions, Optional.of(new Cursor(last.intent().arrivalMillis(), last.id())));
    }

    private static Decision decision(DecisionEntity row) {
        List<Decision> read = new ArrayList<>(1);
        RecordEncoding.read(row.record, new LaneId(row.lane), record -> {
            if (record instanceof JournalRecord.OfDecision(var counter, var decision)) {
                read.add(decision);
            }
        });
        return read.getFirst();
    }
}
