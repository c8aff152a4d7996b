package openledger;

import static com.tngtech.archunit.base.DescribedPredicate.not;
import static com.tngtech.archunit.core.domain.JavaCall.Predicates.target;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.assignableTo;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.simpleName;
import static com.tngtech.archunit.core.domain.properties.HasName.Predicates.nameMatching;
import static com.tngtech.archunit.lang.conditions.ArchConditions.have;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.methods;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noFields;
import static openledger.House.DEMO;
import static openledger.House.FIRST;
import static openledger.House.GROUND;
import static openledger.House.HOUSE;
import static openledger.House.WIRING;
import static openledger.House.check;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaMethod;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import openledger.budget.AttemptLedger;
import openledger.budget.FastRetries;
import openledger.budget.StormGuard;
import openledger.routing.allocation.OpenSet;
import openledger.routing.allocation.TenantDeficits;
import openledger.unit.LaneId;
import openledger.unit.RouteId;
import openledger.unit.TargetId;
import org.junit.jupiter.api.Test;

/** What code of the house may do, and where: time, chance, waiting, deciding. */
final class HouseCodeTest {
    /** Who begins a pipeline: edges of HTTP, owners of life cycles, and bridges from callbacks. */
    private static final List<String> SUBSCRIBERS = List.of(
            "http.admin.PolicyDoor",
            "http.inference.AdmissionFilter",
            "http.inference.Forwarding",
            "http.inference.InferenceExchange",
            "inference.AttemptPhase",
            "inference.confirmed.ConfirmedRetryLoop",
            "inference.confirmed.PlanConfirmation",
            "inference.fairness.TwinProbes",
            "inference.retry.CallsInFlight",
            "settlement.Sequencer",
            "settlement.confirm.OutcomeWatch",
            "settlement.witness.Cosigning",
            "store.BoundedQuery",
            "store.StoredOrigins",
            "store.cluster.RangeKeeper",
            "store.stream.StreamExporter",
            "wiring.Lifecycle",
            "wiring.cluster.FairnessRounds",
            "wiring.SelfAudit",
            "wiring.StakeDesk",
            "wiring.cluster.AskingLoop",
            "wiring.lanes.LaneClaim",
            "wiring.lanes.LaneFinisher",
            "wiring.lanes.LaneKeeper");

    /** Time and chance are arguments there: none of the JDK's sources of either is asked. */
    @Test
    void groundFloorHasNoClockAndNoChanceOfItsOwn() {
        check(noClasses()
                .that()
                .resideInAnyPackage(GROUND)
                .should()
                .callMethodWhere(target(nameMatching(
                                "nanoTime|currentTimeMillis|now|system.*|tick.*|random|randomUUID|current|getDefault"))
                        .and(target(owner(resideInAnyPackage("java.time..", "java.util..")
                                .or(nameMatching("java\\.lang\\.(System|Math)")))))));
        check(noClasses()
                .that()
                .resideInAnyPackage(GROUND)
                .should()
                .callConstructorWhere(target(owner(assignableTo(java.util.random.RandomGenerator.class)))));
    }

    /**
     * What waits does so on threads of its own: commands and what they download, the client of brokers, the verifier, the demo, the start
     * and stop of a router.
     */
    @Test
    void nothingBlocksAnEventLoop() {
        check(noClasses()
                .that(not(resideInAnyPackage(
                        "openledger.cli..",
                        "openledger.archive..",
                        "openledger.kafka..",
                        "openledger.verifier..",
                        DEMO,
                        "openledger.simulator..",
                        WIRING)))
                .should()
                .callMethodWhere(target(
                                nameMatching("await|awaitTermination|get|invokeAll|join|sleep|indefinitely|atMost"))
                        .and(target(owner(assignableTo(java.util.concurrent.Future.class)
                                .or(assignableTo(Thread.class))
                                .or(assignableTo(java.util.concurrent.CountDownLatch.class))
                                .or(assignableTo(java.util.concurrent.ExecutorService.class))
                                .or(assignableTo(io.vertx.core.Future.class))
                                .or(assignableTo(io.smallrye.mutiny.Uni.class))
                                .or(assignableTo(io.smallrye.mutiny.groups.UniAwait.class)))))));
    }

    /** Files are for commands, the start, archives on their workers, and what stands still; JDBC is for migrations and partitions. */
    @Test
    void filesAndJdbcAreForThoseWhoMayWait() {
        check(
                noClasses()
                        .that(
                                not(resideInAnyPackage(
                                                "openledger.cli..",
                                                "openledger.verifier..",
                                                DEMO,
                                                WIRING,
                                                "openledger.lab..",
                                                "openledger.simulator.."))
                                        .and(
                                                not(
                                                        nameMatching(
                                                                "openledger\\.(store\\.(JdbcLink|decision\\.Partitions)|archive\\.(FolderArchive|DurableFile)).*"))))
                        .should()
                        .dependOnClassesThat(
                                nameMatching(
                                        "java\\.nio\\.file\\.Files|java\\.io\\.(File|RandomAccessFile).*|java\\.sql\\.(?!SQLException).*")));
    }

    /** A pipeline is begun where something comes in or a life cycle starts. Each of these says why in its own words. */
    @Test
    void onlyTheEdgesSubscribe() {
        check(noClasses()
                .that(not(nameMatching("openledger\\.(" + String.join("|", SUBSCRIBERS) + ")(\\$.*)?")))
                .should()
                .callMethodWhere(target(nameMatching("subscribe|subscribeAsCompletionStage"))
                        .and(target(owner(resideInAPackage("io.smallrye.mutiny.."))))));
    }

    /** Tenants' questions share the database with the journal; the administrator's are few. */
    @Test
    void everyResourceThatReachesTheDatabaseHasBoundedReads() {
        Set<JavaClass> ports = HOUSE.stream()
                .filter(resideInAPackage("openledger.store.."))
                .flatMap(stored -> stored.getRawInterfaces().stream())
                .filter(resideInAnyPackage(FIRST))
                .collect(Collectors.toSet());
        Set<String> reaching = new TreeSet<>();
        Set<String> bounded = new TreeSet<>();
        for (JavaClass resource : HOUSE) {
            if (resource.isAnnotatedWith(jakarta.ws.rs.Path.class) && !isAnnotated(resource, "AdminOnly")) {
                if (holds(resource, ports, new HashSet<>())) {
                    reaching.add(resource.getSimpleName());
                }
                if (isAnnotated(resource, "BoundedReads")) {
                    bounded.add(resource.getSimpleName());
                }
            }
        }
        assertThat(bounded).isNotEmpty().isEqualTo(reaching);
    }

    private static boolean isAnnotated(JavaClass type, String annotation) {
        return type.getAnnotations().stream()
                .anyMatch(each -> each.getRawType().getSimpleName().equals(annotation));
    }

    /** Whether a port is in a field of the class, or in one of what it is made of: classes of its room, and records. */
    private static boolean holds(JavaClass type, Set<JavaClass> ports, Set<JavaClass> seen) {
        return seen.add(type)
                && type.getFields().stream()
                        .flatMap(field -> field.getType().getAllInvolvedRawTypes().stream())
                        .anyMatch(part -> ports.contains(part) || (isPart(part) && holds(part, ports, seen)));
    }

    private static boolean isPart(JavaClass type) {
        return type.isRecord() || type.getPackageName().startsWith("openledger.http");
    }

    /**
     * The service, the lab and what-if drive the same deciders, so what one of them finds holds for the others. Whoever takes attempts
     * and asks the guard, or gives turns and deficits their effect, is a second loop.
     */
    @Test
    void retriesAndTheEndOfAnEpochAreDecidedInOnePlace() {
        // Beside fast mode's loop, the two that follow a plan: what they take an attempt for, the plan says.
        check(noClasses()
                .that(not(simpleName("FastRetries")
                        .or(simpleName("AttemptLedger"))
                        .or(simpleName("ConfirmedRetryLoop"))
                        .or(simpleName("PlanExecution"))))
                .should()
                .callMethodWhere(
                        target(nameMatching("take(All)?")).and(target(ownedBy(AttemptLedger.class.getName())))));
        check(noClasses()
                .that(not(assignableTo(FastRetries.View.class)))
                .should()
                .callMethodWhere(target(nameMatching("retry")).and(target(ownedBy(StormGuard.class.getName())))));
        check(noClasses()
                .that(not(assignableTo(TenantDeficits.class)).and(not(assignableTo(OpenSet.class))))
                .should()
                .dependOnClassesThat(assignableTo(TenantDeficits.class)));
    }

    /** A static is made when the native executable is compiled, and a buffer cannot be. */
    @Test
    void noStaticHoldsABuffer() {
        check(noFields().that().areStatic().should().haveRawType(io.vertx.core.buffer.Buffer.class));
    }

    /** A number of a route or a target means nothing without its lane. */
    @Test
    void nobodyLooksUpANumberWithoutItsLane() {
        check(methods()
                .that()
                .areDeclaredInClassesThat(resideInAnyPackage("openledger..")
                        .and(nameMatching(".*(Catalog|Names).*").forSubtype()))
                .and(haveRawParameter(RouteId.class).or(haveRawParameter(TargetId.class)))
                .should(have(haveRawParameter(LaneId.class))));
    }

    private static com.tngtech.archunit.base.DescribedPredicate<
                    com.tngtech.archunit.core.domain.properties.HasOwner<com.tngtech.archunit.core.domain.JavaClass>>
            ownedBy(String... names) {
        return com.tngtech.archunit.core.domain.properties.HasOwner.Predicates.With.owner(
                com.tngtech.archunit.base.DescribedPredicate.describe(
                        "one of " + List.of(names), owner -> List.of(names).contains(owner.getName())));
    }

    private static DescribedPredicate<JavaMethod> haveRawParameter(Class<?> type) {
        return DescribedPredicate.describe(
                "have a parameter of type " + type.getSimpleName(),
                method -> method.getRawParameterTypes().stream().anyMatch(parameter -> parameter.isEquivalentTo(type)));
    }

    private static DescribedPredicate<com.tngtech.archunit.core.domain.properties.HasOwner<JavaClass>> owner(
            DescribedPredicate<? super JavaClass> that) {
        return com.tngtech.archunit.core.domain.properties.HasOwner.Predicates.With.owner(that.forSubtype());
    }
}
