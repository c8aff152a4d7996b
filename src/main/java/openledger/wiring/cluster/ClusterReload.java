package openledger.wiring.cluster;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.smallrye.mutiny.Multi;
import io.smallrye.mutiny.Uni;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Supplier;
import openledger.cluster.ClusterMember;
import openledger.cluster.HopOutcome;
import openledger.cluster.HopSeal;
import openledger.cluster.Peers;
import openledger.cluster.PolicyMessages;
import openledger.inference.PolicyReload;
import openledger.inference.policy.PolicyReloadOfAll;
import openledger.inference.policy.PolicySteps;
import openledger.inference.policy.PolicySteps.Check;
import openledger.inference.policy.PolicySteps.Text;
import org.jboss.logging.Logger;

/**
 * Gives the policy of this router's file to all that serve, in two steps: all check it, and if all of them would follow the very same
 * policy, all put it into force, this router first. Each question is bounded, and a router without a good answer is named. Thread-safe.
 *
 * <p>Long because every way in which a router does not answer belongs to both steps.
 */
final class ClusterReload implements PolicyReloadOfAll {
    private static final Logger LOG = Logger.getLogger(ClusterReload.class);
    private static final Duration LONGEST = Duration.ofSeconds(5);
    private static final int MOST_ANSWER = 64 * 1024;
    private static final String US = "this router";
    private static final ObjectMapper JSON = new ObjectMapper();

    private final Vertx vertx;
    private final PolicySteps ours;
    private final Peers peers;
    private final Supplier<Uni<List<ClusterMember>>> members;
    private final Supplier<Optional<ClusterMember>> own;
    private final AtomicBoolean isUnderWay = new AtomicBoolean();

    /**
     * A reload of all.
     *
     * @param peers with the seal of policies
     * @param members routers that serve, this one included
     * @param own our own hold; empty if we have none
     */
    ClusterReload(
            Vertx vertx,
            PolicySteps ours,
            Peers peers,
            Supplier<Uni<List<ClusterMember>>> members,
            Supplier<Optional<ClusterMember>> own) {
        this.vertx = vertx;
        this.ours = ours;
        this.peers = peers;
        this.members = members;
        this.own = own;
    }

    /** What a router has said in one of the steps: the hash, or why not. */
    private record Said(ClusterMember router, Optional<String> hash, String why) {
        static Said not(ClusterMember router, String why) {
            return new Said(router, Optional.empty(), why);
        }

        String name() {
            return "lane " + router.lane().value() + " (" + router.address() + ")";
        }

        Objection objection() {
            return new Objection(name(), why);
        }
    }

    /** The file is read first: whatever all are asked for and refuse, this router does not follow alone either. */
    @Override
    public Uni<Outcome> reload() {
        return ours.own()
                .chain(text ->
                        text.map(this::begin).orElseGet(() -> Uni.createFrom().item(new Outcome.NoSource())));
    }

    private Uni<Outcome> begin(Text text) {
        Optional<ClusterMember> self = own.get();
        if (self.isEmpty()) {
            return refused(US, "it has no lane now");
        }
        if (!isUnderWay.compareAndSet(false, true)) {
            return refused(US, "another reload of all is under way");
        }
        String from = self.get().lane().value() + "-" + self.get().fence();
        return here(self.get(), from, text).onTermination().invoke(() -> isUnderWay.set(false));
    }

    private static Uni<Outcome> refused(String router, String why) {
        return refused(List.of(new Objection(router, why)));
    }

    private static Uni<Outcome> refused(List<Objection> objections) {
        return Uni.createFrom().item(new Outcome.Refused(objections));
    }

    /** Its file may have been followed before anybody asked for this. */
    private Uni<Outcome> refused(String hash, List<Objection> objections) {
        List<Objection> all = new ArrayList<>(objections);
        if (ours.inForce().equals(hash)) {
            all.add(new Objection(
                    US,
                    "it follows this policy already, since its file has changed: bring the former text back to it"));
        }
        return refused(all);
    }

    private Uni<Outcome> here(ClusterMember self, String from, Text text) {
        return ours.check(from, text).chain(check -> switch (check) {
            case Check.Unusable(var problems) -> refused(US, String.join("; ", problems));
            case Check.Usable(var hash) ->
                members.get()
                        .map(all -> others(self, all))
                        .onFailure()
                        .recoverWithNull()
                        .chain(others -> others == null
                                ? refused(
                                        hash,
                                        List.of(new Objection(US, "the database does not say which routers there are")))
                                : there(self, from, text, hash, others));
        });
    }

    private static List<ClusterMember> others(ClusterMember self, List<ClusterMember> all) {
        return all.stream()
                .filter(member -> member.serves() && !member.lane().equals(self.lane()))
                .toList();
    }

    private Uni<Outcome> there(ClusterMember self, String from, Text text, String hash, List<ClusterMember> others) {
        List<Map.Entry<String, String>> headers = List.of(
                Map.entry(PolicyMessages.FROM, from),
                Map.entry(PolicyMessages.FORM, PolicyMessages.form(text.isProperties())));
        return ask(others, PolicyMessages.CHECK, headers, text.text()).chain(checked -> {
            List<Objection> objections = checked.stream()
                    .map(said ->
                            said.hash().filter(other -> !other.equals(hash)).isPresent()
                                    ? Said.not(
                                            said.router(),
                                            "it would follow another policy, "
                                                    + said.hash().get())
                                    : said)
                    .filter(said -> said.hash().filter(hash::equals).isEmpty())
                    .map(Said::objection)
                    .toList();
            return objections.isEmpty()
                    ? apply(self, from, hash, others)
                    : drop(
                                    from,
                                    checked.stream()
                                            .filter(said -> said.hash().isPresent())
                                            .map(Said::router)
                                            .toList())
                            .chain(dropped -> refused(hash, objections));
        });
    }

    /** Who keeps it would turn the next reload away until it is too old. */
    private Uni<?> drop(String from, List<ClusterMember> keepers) {
        return ours.drop(from)
                .chain(dropped -> ask(keepers, PolicyMessages.DROP, List.of(Map.entry(PolicyMessages.FROM, from)), ""));
    }

    private Uni<Outcome> apply(ClusterMember self, String from, String hash, List<ClusterMember> others) {
        return ours.apply(from, hash).chain(outcome -> switch (outcome) {
            case PolicyReload.Outcome.Unusable(var problems) ->
                drop(from, others).chain(dropped -> refused(US, String.join("; ", problems)));
            case PolicyReload.Outcome.NoSource none -> refused(US, "it took too long");
            case PolicyReload.Outcome.InForce(var now, var before) ->
                ask(others, PolicyMessages.APPLY, List.of(Map.entry(PolicyMessages.FROM, from)), hash)
                        .map(applied -> inForce(self, now, before, applied));
        });
    }

    private static Outcome inForce(ClusterMember self, String hash, String before, List<Said> applied) {
        List<String> routers = new ArrayList<>();
        List<Objection> without = new ArrayList<>();
        routers.add(new Said(self, Optional.empty(), "").name());
        for (Said said : applied) {
            if (said.hash().filter(hash::equals).isPresent()) {
                routers.add(said.name());
            } else {
                without.add(said.objection());
                LOG.warnf("policy not in force, router=%s reason=%s", said.name(), said.why());
            }
        }
        return new Outcome.InForce(hash, before, routers, without);
    }

    private Uni<List<Said>> ask(
            List<ClusterMember> routers, String path, List<Map.Entry<String, String>> headers, String body) {
        return Multi.createFrom()
                .iterable(routers)
                .onItem()
                .transformToUniAndMerge(router -> ask(router, path, headers, body))
                .collect()
                .asList();
    }

    private Uni<Said> ask(ClusterMember router, String path, List<Map.Entry<String, String>> headers, String body) {
        if (router.address().isEmpty()) {
            return Uni.createFrom().item(Said.not(router, "it takes no messages of routers"));
        }
        Peers.Forwarded message =
                new Peers.Forwarded(path, headers, body.getBytes(StandardCharsets.UTF_8), router, 0, LONGEST);
        return Uni.createFrom()
                .emitter(to -> vertx.getOrCreateContext()
                        .runOnContext(go -> peers.send(message, new Reading(router, to::complete))));
    }

    /** Puts an answer together; what is not a whole answer is a reason. */
    private static final class Reading implements Peers.Listener {
        private static final int OK = 200;

        private final ClusterMember router;
        private final java.util.function.Consumer<Said> told;
        private final Buffer body = Buffer.buffer();
        private int status;
        private String digest = "";

        Reading(ClusterMember router, java.util.function.Consumer<Said> told) {
            this.router = router;
            this.told = told;
        }

        @Override
        public void hint(List<Map.Entry<String, String>> headers) {}

        @Override
        public void head(int code, List<Map.Entry<String, String>> headers) {
            status = code;
            headers.stream()
                    .filter(header -> header.getKey().equalsIgnoreCase(PolicyMessages.DIGEST))
                    .forEach(header -> digest = header.getValue());
        }

        @Override
        public void chunk(Buffer bytes) {
            if (body.length() <= MOST_ANSWER) {
                body.appendBuffer(bytes);
            }
        }

        @Override
        public void end(List<Map.Entry<String, String>> trailers) {
            boolean isProved = HopSeal.digest(body.getBytes()).equals(digest);
            told.accept(
                    status == OK && isProved && body.length() <= MOST_ANSWER
                            ? said()
                            : Said.not(router, "it answers with status " + status));
        }

        private Said said() {
            try {
                JsonNode answer = JSON.readTree(body.getBytes());
                if (answer.path("policy_hash").isTextual()) {
                    return new Said(
                            router, Optional.of(answer.path("policy_hash").textValue()), "");
                }
                List<String> problems = new ArrayList<>();
                answer.path("problems").forEach(problem -> problems.add(problem.asText()));
                return Said.not(router, String.join("; ", problems));
            } catch (JsonProcessingException noise) {
                return Said.not(router, "it answers with what is no answer");
            } catch (java.io.IOException impossible) {
                throw new java.io.UncheckedIOException(impossible);
            }
        }

        @Override
        public void failed(HopOutcome why) {
            told.accept(Said.not(
                    router,
                    switch (why) {
                        case UNREACHABLE -> "it cannot be reached";
                        case NOT_OWNER -> "it has another lane by now";
                        case REFUSED -> "its clock is too far from ours";
                        case STRANGER, UNPROVED ->
                            "it does not know the secret of the cluster, or is of an older version";
                        case LOST, RELAYED, NOBODY, CLIENT_LEFT ->
                            "it did not answer within " + LONGEST.toSeconds() + " s";
                    }));
        }
    }
}
