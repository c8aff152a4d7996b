package openledger.store.decision;

import io.smallrye.mutiny.Uni;
import io.vertx.core.Context;
import io.vertx.core.Vertx;
import io.vertx.pgclient.PgException;
import io.vertx.sqlclient.Pool;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import openledger.inference.record.Decision;
import openledger.inference.record.Decisions;
import openledger.routing.DecisionStatus;
import openledger.routing.Trigger;
import openledger.store.BoundedQuery;
import openledger.store.catalog.StoredNames;
import openledger.store.journal.JournalSearch;
import openledger.store.journal.RecentEnds;
import openledger.store.journal.RecordEncoding;
import openledger.store.journal.RecordEncoding.JournalRecord;
import openledger.unit.LaneId;
import openledger.unit.RequestId;
import org.hibernate.QueryTimeoutException;
import org.hibernate.reactive.mutiny.Mutiny;

/** Decisions by Hibernate Reactive; what has not been derived yet is looked up in the journal itself. Thread-safe. */
public final class StoredDecisions implements Decisions {
    /** What a filter finds nothing by may be looked for in all of a tenant's rows. */
    private static final String BOUND = "set local statement_timeout = 5000";
    /** SQLSTATE of a statement that took too long. */
    private static final String CANCELLED = "57014";

    private static final String ONE =
            "from DecisionEntity where lane = :lane and counter = :counter and tenant = :tenant";
    /** No journal gets that far. */
    private static final RequestId NOBODYS = new RequestId(1, Long.MAX_VALUE);

    private final Mutiny.SessionFactory sessions;
    private final JournalSearch journal;
    private final StoredNames names;

    /** @param ends of our own lane */
    public StoredDecisions(Mutiny.SessionFactory sessions, Vertx vertx, Pool pool, StoredNames names, RecentEnds ends) {
        this.sessions = sessions;
        this.journal = new JournalSearch(vertx, pool, ends);
        this.names = names;
    }

    /**
     * Loads what the first question would have to load, most of it on the calling thread, which must not be an event loop; the rest,
     * which completes later, takes an event loop for a moment.
     */
    public Uni<Void> load() {
        sessions.getCriteriaBuilder().createQuery(ONE, DecisionEntity.class);
        // With a session of our own: those of requests belong to the context of a request.
        return BoundedQuery.of(sessions.openSession()
                        .chain(session -> row(session, NOBODYS, "").eventually(session::close)))
                .replaceWithVoid();
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

    private static Uni<DecisionEntity> row(Mutiny.Session session, RequestId id, String tenant) {
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
        // The database is asked from here alone: a session belongs to the context that opened it.
        Context home = Objects.requireNonNull(Vertx.currentContext(), "on an event loop");
        return filter.route()
                .map(name -> names.versions(name)
                        .emitOn(task -> home.runOnContext(go -> task.run()))
                        .map(Optional::of))
                .orElseGet(() -> Uni.createFrom().item(Optional.empty()))
                .chain(routes -> list(filter, routes))
                .onFailure(StoredDecisions::tookTooLong)
                .transform(TooLong::new);
    }

    private Uni<Page> list(Filter filter, Optional<Map<Long, Set<Integer>>> routes) {
        Map<String, Object> values = new HashMap<>();
        String query = query(filter, routes, values);
        return BoundedQuery.of(sessions.withTransaction(session -> session.createNativeQuery(BOUND)
                        .executeUpdate()
                        .chain(bounded -> {
                            var selection = session.createSelectionQuery(query, DecisionEntity.class);
                            values.forEach(selection::setParameter);
                            return selection.setMaxResults(filter.limit() + 1).getResultList();
                        })))
                .map(rows -> page(rows, filter.limit()));
    }

    private static boolean tookTooLong(Throwable failure) {
        for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
            boolean isCancelled = cause instanceof QueryTimeoutException
                    || (cause instanceof PgException refused && CANCELLED.equals(refused.getSqlState()));
            if (isCancelled) {
                return true;
            }
        }
        return false;
    }

    /** A number means a route in its own lane only. Lanes that have the same numbers share a condition. */
    private static String routes(Map<Long, Set<Integer>> routes, Map<String, Object> values) {
        if (routes.isEmpty()) {
            return "1 = 0";
        }
        Map<Set<Integer>, Set<Long>> lanes = new LinkedHashMap<>();
        routes.forEach((lane, ids) ->
                lanes.computeIfAbsent(ids, first -> new TreeSet<>()).add(lane));
        List<String> either = new ArrayList<>();
        lanes.forEach((ids, of) -> {
            String number = Integer.toString(either.size());
            either.add("lane in :lanes" + number + " and route in :routes" + number);
            values.put("lanes" + number, of);
            values.put("routes" + number, ids);
        });
        return "(" + String.join(" or ", either) + ")";
    }

    public static String query(Filter filter, Optional<Map<Long, Set<Integer>>> routes, Map<String, Object> values) {
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
        routes.ifPresent(ids -> conditions.add(routes(ids, values)));
        filter.status().ifPresent(status -> {
            // The index of what is seldom is used only if the query itself says that it is.
            conditions.add(
                    status == DecisionStatus.SERVED
                            ? "status = :status"
                            : "status = :status and status <> " + DecisionStatus.SERVED.code());
            values.put("status", (short) status.code());
        });
        filter.trigger().ifPresent(trigger -> {
            conditions.add(
                    trigger == Trigger.NONE
                            ? "lastTrigger = :trigger"
                            : "lastTrigger = :trigger and lastTrigger <> " + Trigger.NONE.code());
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
