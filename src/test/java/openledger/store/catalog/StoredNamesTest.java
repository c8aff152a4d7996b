package openledger.store.catalog;

import static org.assertj.core.api.Assertions.assertThat;

import io.smallrye.mutiny.Uni;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import openledger.inference.Catalog;
import openledger.inference.Catalog.LaneNumber;
import openledger.inference.Catalog.Names;
import openledger.inference.Catalog.NumberKind;
import openledger.inference.Catalog.RouteEntry;
import openledger.store.SettlementDatabase;
import openledger.unit.LaneId;
import openledger.unit.RouteId;
import openledger.unit.TargetId;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Two lanes of one database whose routes and targets were numbered in another order: everybody gives them the same names. */
final class StoredNamesTest {
    private static final SettlementDatabase DATABASE = SettlementDatabase.start();
    private static final LaneId ONE = new LaneId(1);
    private static final LaneId OTHER = new LaneId(2);

    private final AtomicLong nanos = new AtomicLong();

    @AfterAll
    static void stop() {
        DATABASE.close();
    }

    @BeforeEach
    void unlikeHistories() throws SQLException {
        DATABASE.execute("truncate catalog_entry");
        StoredCatalog one = DATABASE.catalog(ONE);
        route(one, "assistant", "v1");
        route(one, "scribe", "v1");
        get(one.registerTarget("north/m"));
        get(one.registerTarget("east/m"));
        StoredCatalog other = DATABASE.catalog(OTHER);
        route(other, "scribe", "v1");
        route(other, "assistant%", "v1");
        route(other, "assistant", "v1");
        route(other, "assistant", "v2");
        get(other.registerTarget("west/m"));
        get(other.registerTarget("north/m"));
    }

    private static RouteId route(StoredCatalog of, String name, String version) {
        return get(of.registerRoute(name + version, new RouteEntry(name, List.of("best of " + name, version))));
    }

    private StoredNames at(LaneId lane) {
        return new StoredNames(DATABASE.pool, DATABASE.catalog(lane), nanos::get);
    }

    private static <T> T get(Uni<T> asked) {
        return asked.await().atMost(Duration.ofSeconds(20));
    }

    private static Set<LaneNumber> everyKey() {
        return IntStream.range(0, 6)
                .boxed()
                .flatMap(id -> List.of(ONE, OTHER, new LaneId(3)).stream()
                        .flatMap(lane ->
                                List.of(NumberKind.values()).stream().map(kind -> new LaneNumber(lane, kind, id))))
                .collect(Collectors.toSet());
    }

    @Test
    void givesTheNamesOfTheRequestsOwnLaneAtEveryRouter() {
        for (LaneId reader : List.of(ONE, OTHER, new LaneId(3))) {
            Names names = get(at(reader).names(everyKey()));

            assertThat(names.entries()).as("at %s", reader).hasSize(10);
            assertThat(names.target(ONE, new TargetId(0))).hasValue("north/m");
            assertThat(names.target(OTHER, new TargetId(0))).hasValue("west/m");
            assertThat(names.target(OTHER, new TargetId(1))).hasValue("north/m");
            assertThat(names.route(ONE, new RouteId(0)).map(RouteEntry::name)).hasValue("assistant");
            assertThat(names.route(OTHER, new RouteId(0)).map(RouteEntry::name)).hasValue("scribe");
            assertThat(names.route(OTHER, new RouteId(3)).map(RouteEntry::tiers))
                    .hasValue(List.of("best of assistant", "v2"));
            assertThat(names.route(ONE, new RouteId(3))).isEmpty();
        }
    }

    @Test
    void keepsWhatItHasRead() throws SQLException {
        Catalog names = at(ONE);
        LaneNumber key = new LaneNumber(OTHER, NumberKind.TARGET, 0);
        get(names.names(Set.of(key)));
        DATABASE.execute("truncate catalog_entry");

        assertThat(get(names.names(Set.of(key))).entries()).containsKey(key);
        assertThat(get(at(ONE).names(Set.of(key))).entries()).isEmpty();
    }

    @Test
    void findsAllVersionsOfARouteInAllLanes() {
        assertThat(get(at(ONE).versions("assistant"))).isEqualTo(Map.of(1L, Set.of(0), 2L, Set.of(2, 3)));
        assertThat(get(at(new LaneId(3)).versions("scribe"))).isEqualTo(Map.of(1L, Set.of(1), 2L, Set.of(0)));
        assertThat(get(at(ONE).versions("assist%"))).isEmpty();
    }

    @Test
    void knowsItsOwnNewVersionAtOnceAndThoseOfOthersWithinSeconds() {
        StoredCatalog own = DATABASE.catalog(ONE);
        StoredNames names = new StoredNames(DATABASE.pool, own, nanos::get);
        get(names.versions("assistant"));

        route(own, "assistant", "v2");
        route(DATABASE.catalog(OTHER), "assistant", "v3");

        assertThat(get(names.versions("assistant"))).isEqualTo(Map.of(1L, Set.of(0, 2), 2L, Set.of(2, 3)));
        nanos.addAndGet(Duration.ofSeconds(5).toNanos());
        assertThat(get(names.versions("assistant"))).isEqualTo(Map.of(1L, Set.of(0, 2), 2L, Set.of(2, 3, 4)));
    }
}
