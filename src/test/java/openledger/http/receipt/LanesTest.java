package openledger.http.receipt;

import static io.restassured.RestAssured.given;
import static org.assertj.core.api.Assertions.assertThat;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.hasItem;
import static org.hamcrest.Matchers.hasItems;
import static org.hamcrest.Matchers.not;

import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.specification.RequestSpecification;
import io.smallrye.mutiny.Uni;
import io.vertx.core.Vertx;
import io.vertx.sqlclient.Pool;
import jakarta.inject.Inject;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import javax.sql.DataSource;
import openledger.http.ChatApi;
import openledger.http.RouterUnderTest;
import openledger.inference.Catalog.RouteEntry;
import openledger.inference.record.AttemptRecord;
import openledger.inference.record.Decision;
import openledger.inference.record.Intent;
import openledger.routing.DecisionStatus;
import openledger.routing.Trigger;
import openledger.settlement.TestDecisions;
import openledger.store.SettlementDatabase;
import openledger.store.catalog.StoredCatalog;
import openledger.store.decision.DecisionProjector;
import openledger.store.journal.RecentEnds;
import openledger.unit.LaneId;
import openledger.unit.RequestId;
import openledger.unit.RouteId;
import openledger.unit.TargetId;
import org.eclipse.microprofile.config.inject.ConfigProperty;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** A router shows a tenant its requests of another lane, whose router numbered routes and targets in another order. */
@QuarkusTest
@QuarkusTestResource(RouterUnderTest.class)
final class LanesTest {
    private static final LaneId OTHER = new LaneId(2);

    @Inject
    DataSource jdbc;

    @Inject
    Pool pool;

    @Inject
    Vertx vertx;

    @ConfigProperty(name = "quarkus.datasource.reactive.url")
    String url = "";

    private RequestId theirs = new RequestId(1, 1);

    @BeforeEach
    void aRequestOfTheOtherLane() throws SQLException {
        RouterUnderTest.reset();
        StoredCatalog catalog = now(StoredCatalog.read(pool, OTHER));
        for (int i = 0; i < 9; i++) {
            now(catalog.registerTarget("far/" + i));
            now(catalog.registerRoute("elsewhere" + i, new RouteEntry("elsewhere" + i, List.of("only"))));
        }
        TargetId target = now(catalog.registerTarget("far/away"));
        RouteId route =
                now(catalog.registerRoute("far assistant", new RouteEntry("assistant", List.of("finest", "rest"))));
        try (SettlementDatabase database =
                SettlementDatabase.at("postgresql://" + url.substring(url.indexOf("127.0.0.1")))) {
            long chunk = chunks() + 1;
            theirs = new RequestId(OTHER.value(), chunk);
            database.decide(OTHER, chunk, List.of(decision(theirs, route, target)));
        }
    }

    private static <T> T now(Uni<T> answer) {
        return answer.await().atMost(Duration.ofSeconds(20));
    }

    private long chunks() throws SQLException {
        try (Connection connection = jdbc.getConnection();
                Statement statement = connection.createStatement();
                var rows = statement.executeQuery(
                        "select coalesce(max(seq), 0) from journal_chunk where lane = " + OTHER.value())) {
            rows.next();
            return rows.getLong(1);
        }
    }

    private static Decision decision(RequestId id, RouteId route, TargetId target) {
        Decision any = TestDecisions.decision(new Random(1), id.counter());
        Intent intent = any.intent();
        return new Decision(
                id,
                new Intent(
                        intent.arrivalMillis(),
                        "test",
                        route,
                        intent.operation(),
                        intent.mode(),
                        4,
                        intent.form(),
                        intent.bodyDigest(),
                        "",
                        ""),
                DecisionStatus.FELL_BACK,
                List.of(
                        new AttemptRecord(1, 0, target.value(), Trigger.RATE_LIMITED, 429, 0, 100, ""),
                        new AttemptRecord(2, 1, target.value() - 1, Trigger.NONE, 200, 0, 100, "")),
                0,
                target.value(),
                1,
                target.value() - 1,
                Trigger.RATE_LIMITED,
                any.attribution(),
                0,
                any.timeSplit(),
                any.responseDigest(),
                intent.mode(),
                Optional.empty());
    }

    private static RequestSpecification caller() {
        return given().header("authorization", "Bearer " + RouterUnderTest.KEY);
    }

    @Test
    void itsReceiptHasTheNamesOfItsOwnLane() throws InterruptedException {
        derive();
        caller().get("/v1/receipts/" + theirs)
                .then()
                .statusCode(200)
                .body("route", equalTo("assistant"))
                .body("tier", equalTo("rest"))
                .body("target", equalTo("far/8"))
                .body("attempt_list.target", equalTo(List.of("far/away", "far/8")))
                .body("attempt_list.tier", equalTo(List.of("finest", "rest")));
    }

    @Test
    void theFilterByRouteFindsTheRequestsOfAllLanes() throws InterruptedException {
        String ours = ChatApi.chat(ChatApi.body("assistant", false)).header("openledger-request");
        String another = ChatApi.chat(ChatApi.body("scribe", false)).header("openledger-request");
        derive();
        ChatApi.await(() -> caller().get("/v1/decisions").asString().contains(another));

        caller().get("/v1/decisions?route=assistant&limit=1000")
                .then()
                .statusCode(200)
                .body("data.request", hasItems(ours, theirs.toString()))
                .body("data.request", not(hasItem(another)))
                .body("data.find { it.request == '" + theirs + "' }.target", equalTo("far/8"));
        // Our own number of it is somebody else's route over there.
        caller().get("/v1/decisions?route=elsewhere0").then().statusCode(200).body("data", equalTo(List.of()));
        caller().get("/v1/decisions?route=nobody").then().statusCode(200).body("data", equalTo(List.of()));
        caller().get("/v1/decisions?route=assistant&status=fell_back&trigger=rate_limited")
                .then()
                .statusCode(200)
                .body("data.request", hasItem(theirs.toString()));
    }

    private void derive() throws InterruptedException {
        DecisionProjector projector = new DecisionProjector(vertx, pool, OTHER, () -> 0, new RecentEnds(OTHER));
        projector.start();
        // Among those of other tests, which the first page is full of.
        ChatApi.await(() -> caller().get("/v1/decisions?status=fell_back&limit=1000")
                .asString()
                .contains(theirs.toString()));
        projector.stop();
    }

    /** Whatever keeps the database busy: the tenant is told, and the connection is free again. */
    @Test
    void aListThatTakesTooLongIsGivenUp() throws SQLException {
        try (Connection other = jdbc.getConnection();
                Statement statement = other.createStatement()) {
            other.setAutoCommit(false);
            statement.execute("lock table decision in access exclusive mode");

            caller().get("/v1/decisions")
                    .then()
                    .statusCode(503)
                    .header("retry-after", "5")
                    .body("type", equalTo("urn:openledger:problem:overloaded"));
            other.rollback();
        }
        assertThat(caller().get("/v1/decisions").statusCode()).isEqualTo(200);
    }
}
