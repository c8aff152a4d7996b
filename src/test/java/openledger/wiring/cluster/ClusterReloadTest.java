package openledger.wiring.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import io.smallrye.mutiny.Uni;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerOptions;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Supplier;
import openledger.cluster.ClusterMember;
import openledger.cluster.ClusterSettings;
import openledger.cluster.HopFields;
import openledger.cluster.HopSeal;
import openledger.cluster.PolicyMessages;
import openledger.cluster.RangeMap;
import openledger.cluster.ResendRanges;
import openledger.http.admin.PolicyDoor;
import openledger.inference.PolicyReload;
import openledger.inference.policy.PolicyReloadOfAll.Objection;
import openledger.inference.policy.PolicyReloadOfAll.Outcome;
import openledger.inference.policy.PolicySteps;
import openledger.peer.HttpPeers;
import openledger.unit.LaneId;
import openledger.wiring.loop.VertxTimekeeper;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/**
 * One policy at three routers, or at none, over real connections; with routers that refuse, are silent, die or are none. Long because each
 * of them does.
 */
final class ClusterReloadTest {
    private static final byte[] SECRET = "a secret of thirty-two bytes, ok".getBytes(StandardCharsets.US_ASCII);
    private static final HopSeal SEAL = new HopSeal(SECRET, "eu");
    private static final String HASH = "0x" + "11".repeat(32);
    private static final String OLD = "0x" + "22".repeat(32);
    private static final int UNAUTHENTICATED = 401;

    private final Vertx vertx = Vertx.vertx();
    private final List<ClusterMember> members = new CopyOnWriteArrayList<>();
    private final Scripted ours = new Scripted();
    private final Scripted second = new Scripted();
    private final Scripted third = new Scripted();
    private final ClusterMember self = new ClusterMember(new LaneId(1), 7, "127.0.0.1:1", true);

    /** What one router does in the two steps. */
    private static final class Scripted implements PolicySteps {
        final List<String> told = new CopyOnWriteArrayList<>();
        final AtomicReference<Supplier<Future<Void>>> atApply = new AtomicReference<>(Future::succeededFuture);
        volatile Optional<Text> file = Optional.of(new Text("openledger: {}", false));
        volatile Check check = new Check.Usable(HASH);
        volatile PolicyReload.Outcome apply = new PolicyReload.Outcome.InForce(HASH, OLD);
        volatile boolean isSilent;
        volatile String inForce = OLD;

        @Override
        public String inForce() {
            return inForce;
        }

        @Override
        public Uni<Optional<Text>> own() {
            return Uni.createFrom().item(file);
        }

        @Override
        public Uni<Check> check(String from, Text text) {
            told.add("check " + from + " " + text.text() + " " + text.isProperties());
            return isSilent ? Uni.createFrom().nothing() : Uni.createFrom().item(check);
        }

        @Override
        public Uni<PolicyReload.Outcome> apply(String from, String hash) {
            told.add("apply " + from + " " + hash);
            return isSilent
                    ? Uni.createFrom().nothing()
                    : Uni.createFrom()
                            .completionStage(() -> atApply.get().get().toCompletionStage())
                            .map(done -> apply);
        }

        @Override
        public Uni<Void> drop(String from) {
            told.add("drop " + from);
            return Uni.createFrom().voidItem();
        }
    }

    @AfterEach
    void close() {
        vertx.close().toCompletionStage().toCompletableFuture().join();
    }

    @Test
    void allCheckItAndThenAllFollowIt() throws IOException {
        start();
        Outcome outcome = reload(SEAL);

        assertThat(outcome).isInstanceOf(Outcome.InForce.class);
        Outcome.InForce everywhere = (Outcome.InForce) outcome;
        assertThat(everywhere.hash()).isEqualTo(HASH);
        assertThat(everywhere.before()).isEqualTo(OLD);
        assertThat(everywhere.routers()).hasSize(3).first().asString().isEqualTo("lane 1 (127.0.0.1:1)");
        assertThat(everywhere.without()).isEmpty();
        for (Scripted router : List.of(ours, second, third)) {
            assertThat(router.told).containsExactly("check 1-7 openledger: {} false", "apply 1-7 " + HASH);
        }
    }

    @Test
    void whoHasNoOthersFollowsItAlone() {
        members.add(self);

        assertThat(reload(SEAL)).isEqualTo(new Outcome.InForce(HASH, OLD, List.of("lane 1 (127.0.0.1:1)"), List.of()));
    }

    @Test
    void ifOneCannotUseItNobodyChanges() throws IOException {
        start();
        third.check = new PolicySteps.Check.Unusable(List.of("openledger.routes: is missing", "a second one"));

        Outcome outcome = reload(SEAL);

        assertThat(outcome)
                .isEqualTo(new Outcome.Refused(
                        List.of(new Objection(name(3), "openledger.routes: is missing; a second one"))));
        // Who could have followed it keeps it no longer, so that the next reload is not turned away.
        assertThat(List.of(ours, second))
                .allSatisfy(router ->
                        assertThat(router.told).containsExactly("check 1-7 openledger: {} false", "drop 1-7"));
        assertThat(third.told).containsExactly("check 1-7 openledger: {} false");
    }

    @Test
    void whoFollowsItAlreadyIsNamedIfAnotherRefuses() throws IOException {
        start();
        ours.inForce = HASH;
        third.check = new PolicySteps.Check.Unusable(List.of("no"));

        assertThat(reload(SEAL))
                .isEqualTo(new Outcome.Refused(List.of(
                        new Objection(name(3), "no"),
                        new Objection(
                                "this router",
                                "it follows this policy already, since its file has changed: bring the former text"
                                        + " back to it"))));
    }

    @Test
    void ifWeCannotUseItNobodyIsAsked() throws IOException {
        start();
        ours.check = new PolicySteps.Check.Unusable(List.of("no"));

        assertThat(reload(SEAL)).isEqualTo(new Outcome.Refused(List.of(new Objection("this router", "no"))));
        assertThat(second.told).isEmpty();
        ours.file = Optional.empty();
        assertThat(reload(SEAL)).isEqualTo(new Outcome.NoSource());
    }

    @Test
    void whoWouldFollowAnotherPolicyRefusesForAll() throws IOException {
        start();
        second.check = new PolicySteps.Check.Usable(OLD);

        assertThat(reload(SEAL))
                .isEqualTo(
                        new Outcome.Refused(List.of(new Objection(name(2), "it would follow another policy, " + OLD))));
        assertThat(ours.told).endsWith("drop 1-7");
        assertThat(second.told).endsWith("drop 1-7");
    }

    @Test
    void whoIsSilentOrCannotBeReachedRefusesForAll() throws IOException {
        start();
        second.isSilent = true;
        members.add(new ClusterMember(new LaneId(4), 1, "127.0.0.1:1", true));
        members.add(new ClusterMember(new LaneId(5), 1, "", true));
        members.add(new ClusterMember(new LaneId(6), 1, "127.0.0.1:2", false));

        Outcome outcome = reload(SEAL);

        assertThat(((Outcome.Refused) outcome).objections())
                .containsExactlyInAnyOrder(
                        new Objection(name(2), "it did not answer within 5 s"),
                        new Objection("lane 4 (127.0.0.1:1)", "it cannot be reached"),
                        new Objection("lane 5 ()", "it takes no messages of routers"));
        assertThat(ours.told).endsWith("drop 1-7");
        assertThat(third.told).endsWith("drop 1-7");
    }

    @Test
    void whoDiesBetweenTheStepsIsNamed() throws IOException {
        start();
        HttpServer dies = servers.getLast();
        // As soon as the router that is asked follows it.
        ours.atApply.set(dies::close);

        Outcome outcome = reload(SEAL);

        Outcome.InForce partly = (Outcome.InForce) outcome;
        assertThat(partly.routers()).hasSize(2);
        assertThat(partly.without()).hasSize(1);
        assertThat(partly.without().getFirst().router()).isEqualTo(name(3));
        assertThat(second.told).hasSize(2);
        assertThat(third.told).hasSize(1);
    }

    @Test
    void whoHasLostWhatItCheckedIsNamed() throws IOException {
        start();
        second.apply = new PolicyReload.Outcome.NoSource();

        Outcome.InForce partly = (Outcome.InForce) reload(SEAL);

        assertThat(partly.without()).containsExactly(new Objection(name(2), "what was checked is not kept any more"));
    }

    @Test
    void ifWeCannotFollowItInTheEndNobodyDoes() throws IOException {
        start();
        ours.apply = new PolicyReload.Outcome.Unusable(List.of("the catalog of ids cannot be written"));

        assertThat(reload(SEAL)).isInstanceOf(Outcome.Refused.class);
        assertThat(second.told).containsExactly("check 1-7 openledger: {} false", "drop 1-7");
    }

    @Test
    void strangersAreToldNothing() throws IOException {
        start();

        Outcome outcome =
                reload(new HopSeal("another secret of thirty-two bytes".getBytes(StandardCharsets.US_ASCII), "eu"));

        assertThat(((Outcome.Refused) outcome).objections())
                .hasSize(2)
                .allSatisfy(objection -> assertThat(objection.why()).startsWith("it does not know the secret"));
        assertThat(second.told).isEmpty();
    }

    @Test
    void noRequestIsTakenForAMessageAndNoMessageTwice() throws IOException, InterruptedException {
        start();
        String body = "openledger: {}";
        Map<String, String> headers =
                Map.of(PolicyMessages.FROM, "9-9", PolicyMessages.FORM, "yaml", "user-agent", "test");
        // All is as it should be but for what the proof is of.
        assertThat(post(SEAL, headers, body, body)).isEqualTo(UNAUTHENTICATED);
        assertThat(second.told).isEmpty();

        HopFields fields = fields(SEAL.forPolicies(), headers, body);
        assertThat(post(fields, headers, body)).isEqualTo(200);
        assertThat(post(fields, headers, body)).isEqualTo(425);
        assertThat(post(SEAL.forPolicies(), headers, body, "another: {}")).isEqualTo(400);
        Map<String, String> other =
                Map.of(PolicyMessages.FROM, "9-8", PolicyMessages.FORM, "yaml", "user-agent", "test");
        assertThat(post(fields(SEAL.forPolicies(), headers, body), other, body)).isEqualTo(UNAUTHENTICATED);
        assertThat(second.told).hasSize(1);
    }

    private final List<HttpServer> servers = new ArrayList<>();

    private void start() {
        members.add(self);
        serve(2, second);
        serve(3, third);
    }

    private void serve(long lane, PolicySteps steps) {
        AtomicReference<ClusterMember> member = new AtomicReference<>();
        ResendRanges ranges = new ResendRanges() {
            @Override
            public RangeMap map() {
                return RangeMap.of(1, member.get(), List.of(), List.of(), Set.of());
            }

            @Override
            public boolean enter(int range) {
                return false;
            }

            @Override
            public void leave(int range) {}

            @Override
            public Uni<RangeMap> refresh() {
                return Uni.createFrom().item(map());
            }
        };
        PolicyDoor door = new PolicyDoor(vertx, SEAL.forPolicies(), steps, ranges, new VertxTimekeeper(vertx));
        HttpServer server = vertx.createHttpServer(
                        new HttpServerOptions().setHost("127.0.0.1").setPort(0))
                .requestHandler(door::handle)
                .listen()
                .toCompletionStage()
                .toCompletableFuture()
                .join();
        servers.add(server);
        member.set(new ClusterMember(new LaneId(lane), 3, "127.0.0.1:" + server.actualPort(), true));
        members.add(member.get());
    }

    private String name(long lane) {
        ClusterMember member = members.stream()
                .filter(each -> each.lane().value() == lane)
                .findFirst()
                .orElseThrow();
        return "lane " + lane + " (" + member.address() + ")";
    }

    private Outcome reload(HopSeal seal) {
        ClusterSettings settings = new ClusterSettings("eu", "127.0.0.1", 1, seal, Optional.empty()).forPolicies();
        HttpPeers peers = new HttpPeers(vertx, settings, new SecureRandom());
        return new ClusterReload(
                        vertx, ours, peers, () -> Uni.createFrom().item(List.copyOf(members)), () -> Optional.of(self))
                .reload()
                .await()
                .atMost(Duration.ofSeconds(30));
    }

    private HopFields fields(HopSeal seal, Map<String, String> headers, String body) {
        byte[] nonce = new byte[16];
        new SecureRandom().nextBytes(nonce);
        return seal.sealed(
                new HopFields(
                        0,
                        new LaneId(2),
                        3,
                        System.currentTimeMillis(),
                        java.util.HexFormat.of().formatHex(nonce),
                        HopSeal.digest(body.getBytes(StandardCharsets.UTF_8)),
                        ""),
                "POST",
                PolicyMessages.CHECK,
                headers.entrySet());
    }

    private int post(HopSeal seal, Map<String, String> headers, String signed, String body)
            throws IOException, InterruptedException {
        return post(fields(seal, headers, signed), headers, body);
    }

    private int post(HopFields fields, Map<String, String> headers, String body)
            throws IOException, InterruptedException {
        HttpRequest.Builder request = HttpRequest.newBuilder(
                        URI.create("http://" + members.get(1).address() + PolicyMessages.CHECK))
                .header(HopFields.NAME, fields.text())
                .POST(HttpRequest.BodyPublishers.ofString(body));
        headers.forEach(request::header);
        try (HttpClient http =
                HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build()) {
            return http.send(request.build(), HttpResponse.BodyHandlers.discarding())
                    .statusCode();
        }
    }
}
