package openledger;

import static com.tngtech.archunit.base.DescribedPredicate.not;
import static com.tngtech.archunit.core.domain.JavaCall.Predicates.target;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.assignableTo;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.simpleName;
import static com.tngtech.archunit.core.domain.properties.HasName.Predicates.nameMatching;
import static com.tngtech.archunit.core.domain.properties.HasName.Predicates.nameStartingWith;
import static com.tngtech.archunit.lang.conditions.ArchConditions.have;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.methods;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noFields;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.domain.JavaMethod;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.lang.ArchRule;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import openledger.budget.AttemptLedger;
import openledger.budget.FastRetries;
import openledger.budget.StormGuard;
import openledger.routing.Dialect;
import openledger.routing.allocation.OpenSet;
import openledger.routing.allocation.TenantDeficits;
import openledger.unit.LaneId;
import openledger.unit.RouteId;
import openledger.unit.TargetId;
import org.junit.jupiter.api.Test;

/**
 * The rules of the house (CONTRIBUTING.md), as tests: floors look down only, and every tool has its room. Long because it is the list of
 * them.
 */
final class HouseRulesTest {
    private static final String DEMO = "openledger.demo..";
    private static final String[] GROUND = {
        "openledger.unit..",
        "openledger.routing..",
        "openledger.budget..",
        "openledger.commitment..",
        "openledger.fairness.."
    };
    private static final String[] FIRST = {
        "openledger.access..",
        "openledger.inference..",
        "openledger.settlement..",
        "openledger.audit..",
        "openledger.lab.."
    };
    private static final String[] SECOND = {
        "openledger.provider..",
        "openledger.chain..",
        "openledger.store..",
        "openledger.telemetry..",
        "openledger.identity..",
        "openledger.archive..",
        "openledger.simulator.."
    };
    private static final String[] ROOF = {"openledger.http..", "openledger.edge..", "openledger.cli..", DEMO};
    private static final String WIRING = "openledger.wiring..";
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
            "openledger.lab.sequencing",
            "openledger.lab.stake",
            "openledger.chain.fee",
            "openledger.chain.rpc",
            "openledger.store.catalog",
            "openledger.store.decision",
            "openledger.store.journal",
            "openledger.store.lane",
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
            "openledger.http.page",
            "openledger.http.receipt",
            "openledger.cli.audit",
            "openledger.cli.receipt",
            "openledger.cli.whatif",
            "openledger.wiring.config",
            "openledger.wiring.health",
            "openledger.wiring.loop");

    private static final int MOST_FILES = 25;
    private static final int LONGEST_FILE = 400;
    private static final int LONGEST_UNEXPLAINED = 250;

    private static final JavaClasses HOUSE = new ClassFileImporter()
            .withImportOption(new ImportOption.DoNotIncludeTests())
            .importPackages("openledger");

    @Test
    void groundFloorKnowsOnlyJava() {
        check(classes()
                .that()
                .resideInAnyPackage(GROUND)
                .should()
                .onlyDependOnClassesThat(resideInAnyPackage(GROUND)
                        .or(resideInAnyPackage("java..", "javax.crypto..", "org.jspecify.."))));
    }

    @Test
    void groundFloorHasNoClockAndNoChanceOfItsOwn() {
        check(noClasses()
                .that()
                .resideInAnyPackage(GROUND)
                .should()
                .callMethodWhere(target(nameMatching("nanoTime|currentTimeMillis|now|random"))
                        .and(target(ownedBy("java.lang.System", "java.time.Instant", "java.lang.Math")))));
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
    void noRoomIsCrowded() throws IOException {
        try (Stream<Path> folders = Files.walk(Path.of("src"))) {
            assertThat(folders.filter(Files::isDirectory).filter(folder -> javaFiles(folder) > MOST_FILES))
                    .as("folders with more than %d Java files", MOST_FILES)
                    .isEmpty();
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
        onlyIn("openledger.identity..", "io.quarkus.oidc..", "io.quarkus.security..", "org.eclipse.microprofile.jwt..");
    }

    @Test
    void onlyThreeRoomsCallOutOverHttp() {
        check(noClasses()
                .that()
                .resideOutsideOfPackages("openledger.provider..", "openledger.chain..", "openledger.archive..", DEMO)
                .should()
                .dependOnClassesThat(resideInAnyPackage("java.net.http..", "io.vertx.ext.web.client..")
                        .or(nameMatching("io\\.vertx\\.core\\.http\\.HttpClient.*")
                                .forSubtype())));
    }

    @Test
    void nothingBlocksAnEventLoop() {
        check(noClasses()
                .that(not(resideInAnyPackage("openledger.cli..", DEMO, WIRING)))
                .should()
                .callMethodWhere(target(nameMatching("await|sleep|join|indefinitely|toCompletionStage\\.get"))
                        .and(target(ownedBy(
                                "java.lang.Thread",
                                "java.util.concurrent.CompletableFuture",
                                "java.util.concurrent.CountDownLatch",
                                "io.smallrye.mutiny.groups.UniAwait",
                                "io.smallrye.mutiny.Uni")))));
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
                        .or(simpleName("ConfirmedRetryLoop"))
                        .or(simpleName("PlanExecution"))))
                .should()
                .callMethodWhere(target(nameMatching("take")).and(target(ownedBy(AttemptLedger.class.getName())))));
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

    @Test
    void noRoomIsPartOfACycle() {
        check(slices().matching("openledger.(*)..").should().beFreeOfCycles());
    }

    @Test
    void noNameIsAGrabBag() {
        check(noClasses().should().haveNameMatching(".*(Util|Utils|Helper|Manager|Common|Misc|Impl)$"));
    }

    @Test
    void everyRoomSaysWhatItIsFor() throws IOException {
        try (Stream<Path> rooms = Files.walk(Path.of("src/main/java/openledger"))) {
            assertThat(rooms.filter(room -> javaFiles(room) > 0)
                            .filter(room -> !nullMarked(room.resolve("package-info.java"))))
                    .isEmpty();
        }
    }

    @Test
    void noSourceFileIsTooLong() throws IOException {
        for (Path file : sources()) {
            // Imports do not count: nobody reads them, and they grow with the walls between rooms.
            List<String> lines = Files.readAllLines(file).stream()
                    .filter(line -> !line.startsWith("import "))
                    .toList();
            boolean explained = lines.stream().anyMatch(line -> line.contains("Long because"));
            assertThat(lines.size())
                    .as("%s: lines (more than %d need a reason: \"Long because ...\")", file, LONGEST_UNEXPLAINED)
                    .isLessThanOrEqualTo(explained ? LONGEST_FILE : LONGEST_UNEXPLAINED);
        }
    }

    private static long javaFiles(Path folder) {
        if (!Files.isDirectory(folder)) {
            return 0;
        }
        try (Stream<Path> files = Files.list(folder)) {
            return files.filter(file -> file.toString().endsWith(".java")).count();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static boolean nullMarked(Path packageInfo) {
        try {
            return Files.readString(packageInfo).contains("@NullMarked");
        } catch (IOException missing) {
            return false;
        }
    }

    private static List<Path> sources() throws IOException {
        try (Stream<Path> files = Files.walk(Path.of("src"))) {
            return files.filter(file -> file.toString().endsWith(".java")).toList();
        }
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

    private static void onlyIn(String room, String... tools) {
        check(noClasses()
                .that(not(resideInAPackage(room)).and(not(resideInAPackage(WIRING))))
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage(tools));
    }

    private static void check(ArchRule rule) {
        rule.allowEmptyShould(true).check(HOUSE);
    }
}
