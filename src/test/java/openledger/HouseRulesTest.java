package openledger;

import static com.tngtech.archunit.base.DescribedPredicate.not;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.core.domain.properties.HasName.Predicates.nameMatching;
import static com.tngtech.archunit.core.domain.properties.HasName.Predicates.nameStartingWith;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;
import static openledger.House.DEMO;
import static openledger.House.FIRST;
import static openledger.House.GROUND;
import static openledger.House.HOUSE;
import static openledger.House.WIRING;
import static openledger.House.check;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;
import openledger.routing.Dialect;
import org.junit.jupiter.api.Test;

/**
 * The rules of the house (CONTRIBUTING.md), as tests: floors look down only, and every tool has its room. Long because it is the list of
 * them.
 */
final class HouseRulesTest {
    private static final String[] SECOND = {
        "openledger.provider..",
        "openledger.chain..",
        "openledger.store..",
        "openledger.telemetry..",
        "openledger.identity..",
        "openledger.archive..",
        "openledger.verifier..",
        "openledger.witness..",
        "openledger.peer..",
        "openledger.kafka..",
        "openledger.simulator.."
    };
    private static final String[] ROOF = {"openledger.http..", "openledger.edge..", "openledger.cli..", DEMO};
    /** Rooms within a room, which only that room and the wiring see. The other sub-rooms are what a room shows: its ports and records. */
    private static final List<String> INNER = List.of(
            "openledger.inference.confirmed",
            "openledger.inference.origin",
            "openledger.inference.resend",
            "openledger.inference.retry",
            "openledger.settlement.confirm",
            "openledger.settlement.decide",
            "openledger.settlement.submit",
            "openledger.lab.engine",
            "openledger.lab.experiment",
            "openledger.lab.lies",
            "openledger.lab.sequencing",
            "openledger.lab.stake",
            "openledger.chain.fee",
            "openledger.chain.rpc",
            "openledger.store.catalog",
            "openledger.store.cluster",
            "openledger.store.decision",
            "openledger.store.journal",
            "openledger.store.lane",
            "openledger.store.stream",
            "openledger.provider.answer",
            "openledger.provider.call",
            "openledger.provider.dialect",
            "openledger.provider.error",
            "openledger.provider.sse",
            "openledger.provider.target",
            "openledger.provider.translation",
            "openledger.http.access",
            "openledger.http.admin",
            "openledger.http.header",
            "openledger.http.inference",
            "openledger.http.log",
            "openledger.http.page",
            "openledger.http.receipt",
            "openledger.cli.audit",
            "openledger.cli.check",
            "openledger.cli.export",
            "openledger.cli.guard",
            "openledger.cli.health",
            "openledger.cli.stake",
            "openledger.cli.probe",
            "openledger.cli.reconcile",
            "openledger.cli.watch",
            "openledger.cli.whatif",
            "openledger.wiring.config",
            "openledger.wiring.health",
            "openledger.wiring.lanes",
            "openledger.wiring.loop",
            "openledger.wiring.warmup");

    @Test
    void groundFloorKnowsOnlyJava() {
        check(classes()
                .that()
                .resideInAnyPackage(GROUND)
                .should()
                .onlyDependOnClassesThat(resideInAnyPackage(GROUND)
                        .or(resideInAnyPackage("java..", "javax.crypto..", "org.jspecify.."))));
    }

    /** It is shipped as a jar of its own, for programs that have none of our libraries. */
    @Test
    void theVerifierKnowsTheGroundFloorTheJdkAndJackson() {
        check(classes()
                .that()
                .resideInAPackage("openledger.verifier..")
                .should()
                .onlyDependOnClassesThat(resideInAnyPackage(GROUND)
                        .or(resideInAnyPackage(
                                "openledger.verifier..",
                                "java..",
                                "com.fasterxml.jackson.core..",
                                "com.fasterxml.jackson.databind..",
                                "org.jspecify.."))));
    }

    @Test
    void floorsLookDownOnly() {
        check(noClasses()
                .that()
                .resideInAnyPackage(FIRST)
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage(SECOND));
        check(noClasses()
                .that()
                .resideInAnyPackage(FIRST)
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage(ROOF));
        check(noClasses()
                .that()
                .resideInAnyPackage(SECOND)
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage(ROOF));
        check(noClasses()
                .that()
                .resideOutsideOfPackage(WIRING)
                .should()
                .dependOnClassesThat()
                .resideInAPackage(WIRING));
    }

    /** A production image has neither: it is compiled without them. */
    @Test
    void nobodyNeedsTheDemoOrTheSimulator() {
        check(noClasses()
                .that()
                .resideOutsideOfPackages(DEMO, "openledger.simulator..")
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage(DEMO, "openledger.simulator.."));
    }

    @Test
    void roomsOfTheSecondFloorDoNotSeeEachOther() {
        for (String room : SECOND) {
            String[] others =
                    Stream.of(SECOND).filter(other -> !other.equals(room)).toArray(String[]::new);
            check(noClasses()
                    .that()
                    .resideInAPackage(room)
                    .should()
                    .dependOnClassesThat()
                    .resideInAnyPackage(others));
        }
    }

    @Test
    void innerRoomsAreSeenByTheirRoomOnly() {
        for (String inner : INNER) {
            assertThat(HOUSE.containPackage(inner)).as(inner).isTrue();
            String room = inner.substring(0, inner.lastIndexOf('.')) + "..";
            check(noClasses()
                    .that(not(resideInAnyPackage(room, WIRING)))
                    .should()
                    .dependOnClassesThat()
                    .resideInAPackage(inner + ".."));
        }
    }

    /** So a dialect can be added or taken away without a look at the others. */
    @Test
    void onlyTheRegistryKnowsADialect() {
        for (Dialect dialect : Dialect.values()) {
            String room = "openledger.provider." + dialect.name().toLowerCase(Locale.ROOT);
            assertThat(HOUSE.containPackage(room)).as(room).isTrue();
            check(noClasses()
                    .that(not(resideInAPackage(room + "..")).and(not(nameStartingWith("openledger.provider.Dialects"))))
                    .should()
                    .dependOnClassesThat()
                    .resideInAPackage(room + ".."));
        }
    }

    @Test
    void everyToolHasItsRoom() {
        onlyIn("openledger.chain..", "org.web3j..");
        onlyIn("openledger.store..", "jakarta.persistence..", "io.vertx.pgclient..", "io.vertx.sqlclient..");
        onlyIn("openledger.http..", "jakarta.ws.rs..", "io.vertx.ext.web..");
        check(noClasses()
                .that(not(resideInAnyPackage("openledger.cli..", DEMO)))
                .should()
                .dependOnClassesThat()
                .resideInAPackage("picocli.."));
        // But for the watch that ends a silent link to the database, and a decoder of query strings.
        check(noClasses()
                .that(not(resideInAnyPackage("openledger.edge..", WIRING))
                        .and(not(nameStartingWith("openledger.store.DatabaseLink")))
                        .and(not(nameStartingWith("openledger.http.RequestSyntax"))))
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage("io.netty.bootstrap..", "io.netty.handler.."));
        onlyIn("openledger.telemetry..", "io.opentelemetry..");
        onlyIn("openledger.kafka..", "org.apache.kafka..");
        onlyIn("openledger.identity..", "io.quarkus.oidc..", "io.quarkus.security..", "org.eclipse.microprofile.jwt..");
    }

    @Test
    void onlyNineRoomsCallOutOverHttp() {
        check(noClasses()
                .that()
                .resideOutsideOfPackages(
                        "openledger.provider..",
                        "openledger.chain..",
                        "openledger.archive..",
                        "openledger.verifier..",
                        "openledger.cli.guard..",
                        "openledger.cli.probe..",
                        "openledger.witness..",
                        "openledger.peer..",
                        "openledger.wiring.warmup..",
                        DEMO)
                .should()
                .dependOnClassesThat(resideInAnyPackage("java.net.http..", "io.vertx.ext.web.client..")
                        .or(nameMatching("io\\.vertx\\.core\\.http\\.HttpClient.*")
                                .forSubtype())));
    }

    @Test
    void noRoomIsPartOfACycle() {
        check(slices().matching("openledger.(*)..").should().beFreeOfCycles());
    }

    @Test
    void noNameIsAGrabBag() {
        check(noClasses().should().haveNameMatching(".*(Util|Utils|Helper|Manager|Common|Misc|Impl)$"));
    }

    private static void onlyIn(String room, String... tools) {
        check(noClasses()
                .that(not(resideInAPackage(room)).and(not(resideInAPackage(WIRING))))
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage(tools));
    }
}
