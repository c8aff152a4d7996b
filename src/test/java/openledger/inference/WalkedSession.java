package openledger.inference;

import static org.assertj.core.api.Assertions.assertThat;

import io.smallrye.mutiny.helpers.test.UniAssertSubscriber;
import io.smallrye.mutiny.subscription.UniEmitter;
import io.vertx.core.buffer.Buffer;
import java.lang.reflect.Field;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import openledger.commitment.leaf.LeafMode;
import openledger.inference.InferenceOutcome.Served;
import openledger.inference.admission.FairPool;
import openledger.inference.admission.Permit;
import openledger.inference.admission.ResendHint;
import openledger.inference.record.Intent;
import openledger.inference.record.Journal.Appended.Accepted;
import openledger.inference.resend.ResendIndex;
import openledger.inference.resend.ResendIndex.Claim;
import openledger.inference.resend.ResendSettings;
import openledger.inference.retry.AttemptsEnd;
import openledger.inference.upstream.ClosedTargets;
import openledger.inference.upstream.UpstreamAnswer;
import openledger.routing.Route;
import openledger.routing.TestRoutes;
import openledger.routing.Trigger;

/**
 * One request's session, with everything that may happen to it, between clients, attempts and a journal that do as they are told.
 *
 * <p>Long because it is the list of the events and of what must always hold.
 */
final class WalkedSession {
    private static final Duration DEADLINE = Duration.ofMinutes(30);
    private static final Duration GRACE = Duration.ofSeconds(5);
    private static final Duration WINDOW = Duration.ofSeconds(60);
    private static final Buffer OVER = Buffer.buffer("over");
    private static final Claim NONE = new Claim.Full(Duration.ZERO);

    private final FakePorts ports = new FakePorts();
    private final Route route = TestRoutes.of(3, 1);
    private final FairPool bytes = new FairPool(1 << 20);
    private final ResendIndex resends = new ResendIndex(
            new ResendSettings(DEADLINE, GRACE, WINDOW, 1_000, 4_000, 6, ResendSettings.FirstCall.EAGER),
            bytes,
            ports.counted.metrics,
            ports.clock);
    private final ScriptedAttempts attempts;
    private final List<Client> clients = new ArrayList<>();
    private final List<FakePorts.Answer> answers = new ArrayList<>();
    private final Kind kind;
    private final RequestSession session;
    private int sent;
    private int placesGivenBack;
    private final List<CompletableFuture<Void>> seals = new ArrayList<>();

    /** What may happen. */
    enum Event {
        ARRIVE,
        /** The last client that waits. */
        LEAVE,
        ANSWER,
        EXHAUST,
        BUG,
        COMMIT,
        JOURNAL_FAILS,
        /** All that have been served begin to read. */
        DRAIN,
        CHUNK,
        END,
        BREAK,
        /** The last one. */
        READER_LEAVES,
        GRACE_PASSES,
        WINDOW_PASSES,
        DEADLINE_PASSES,
        /** Attempts that were cancelled are still. */
        STILL,
        SEAL_NOW,
        FORGET_SOON
    }

    /** What kind of request it is, and of what world. */
    enum Kind {
        KEYED,
        UNKEYED,
        /** Keyed, and the journal takes its time. */
        UNRECORDED,
        /** Keyed, and attempts that are cancelled are not still at once. */
        UNSTILL
    }

    /** It cannot happen now, whatever the session does. */
    static final class Impossible extends RuntimeException {}

    WalkedSession(Kind kind) {
        this.kind = kind;
        this.attempts = new ScriptedAttempts(route, kind != Kind.UNSTILL);
        ports.journal.durable = kind != Kind.UNRECORDED;
        InferenceRequest first = request();
        Intent intent = new Intent(
                first.arrivalMillis(),
                first.tenant(),
                route.id(),
                first.operation(),
                LeafMode.FAST,
                route.budget(),
                first.form(),
                new byte[32],
                "",
                "");
        Claim claim = resends.claim(
                first,
                intent.bodyDigest(),
                spent -> new Claim.Begin(new RequestSession(
                        first,
                        intent,
                        (Accepted) ports.journal.append(intent),
                        spent,
                        (context, log) -> attempts,
                        new RequestMetricContext(0, Optional.empty(), ClosedTargets.NONE),
                        new ServicePorts(
                                ports.providers, ports.journal, ports.loops, ports.loops, ports.counted.metrics),
                        resends)));
        this.session = ((Claim.Begin) claim).exchange();
    }

    private InferenceRequest request() {
        ResendHint mark = kind == Kind.UNKEYED ? new ResendHint("", sent++) : new ResendHint("key-1", 0);
        return ports.request(route, mark).with(new Permit(() -> placesGivenBack++));
    }

    /** Which phase it is in. It shows it to nobody; a walk has to know. */
    String phase() {
        try {
            Field field = RequestSession.class.getDeclaredField("phase");
            field.setAccessible(true);
            return field.get(session).getClass().getSimpleName();
        } catch (ReflectiveOperationException e) {
            throw new LinkageError(e.getMessage(), e);
        }
    }

    /**
     * It happens.
     *
     * @throws Impossible if it cannot
     */
    void play(Event event) {
        switch (event) {
            case ARRIVE -> arrive();
            case LEAVE -> last(clients.stream().filter(Client::waits).toList()).leave();
            case ANSWER -> {
                FakePorts.Answer answer = new FakePorts.Answer();
                AttemptsEnd.From from = new AttemptsEnd.From(attempts.take(), 0);
                UniEmitter<? super AttemptsEnd> to = attempts.running();
                answers.add(answer);
                to.complete(new AttemptsEnd.Answered(from, answer));
            }
            case EXHAUST -> {
                attempts.left = 0;
                attempts.running().complete(new AttemptsEnd.Exhausted(Optional.empty()));
            }
            case BUG -> attempts.running().fail(new IllegalStateException("a bug"));
            case COMMIT -> ports.journal.commit();
            case JOURNAL_FAILS -> ports.journal.giveUp();
            case DRAIN -> {
                List<Client> served = clients.stream().filter(Client::mayDrain).toList();
                possible(!served.isEmpty());
                served.forEach(Client::drain);
            }
            case CHUNK -> flowing().chunk(Buffer.buffer("data"));
            case END -> over(flowing()).end();
            case BREAK -> over(flowing()).broken(Trigger.CONNECTION_LOST);
            case READER_LEAVES ->
                last(clients.stream().filter(Client::reads).toList()).leaveAnswer();
            case GRACE_PASSES -> ports.clock.advance(GRACE);
            case WINDOW_PASSES -> ports.clock.advance(WINDOW);
            case DEADLINE_PASSES -> ports.clock.advance(DEADLINE);
            case STILL -> {
                possible(attempts.isLeaving);
                attempts.calmDown();
            }
            case SEAL_NOW -> seals.add(session.sealNow());
            case FORGET_SOON -> session.forgetSoon();
        }
    }

    /** A key finds its session, and comes too late for one that was just forgotten; without a key only a lone one is found. */
    private void arrive() {
        InferenceRequest by = clients.isEmpty() ? session.request() : request();
        if (kind == Kind.UNKEYED && !clients.isEmpty()) {
            Claim found = resends.claim(by, new byte[32], spent -> NONE);
            possible(found instanceof Claim.Join);
        }
        clients.add(new Client(by));
    }

    private UpstreamAnswer.Sink flowing() {
        FakePorts.Answer latest = last(answers);
        possible(latest.isRead() && !latest.cancelled && !latest.lastEvent.equals(OVER));
        return latest.sink();
    }

    private UpstreamAnswer.Sink over(UpstreamAnswer.Sink sink) {
        answers.getLast().lastEvent = OVER;
        return sink;
    }

    private static <T> T last(List<T> of) {
        possible(!of.isEmpty());
        return of.getLast();
    }

    private static void possible(boolean is) {
        if (!is) {
            throw new Impossible();
        }
    }

    /** Whatever has happened so far. */
    void check() {
        assertThat(ports.journal.decisions.size()).as("records").isLessThanOrEqualTo(1);
        clients.forEach(Client::check);
        if (phase().equals("Ended")) {
            assertThat(ports.journal.decisions).as("records").hasSize(1);
            assertThat(attempts.isClosed).as("ledger closed").isTrue();
            assertThat(attempts.to).as("attempts").isNull();
            assertThat(clients).as("clients").noneMatch(Client::waits);
        }
        if (phase().equals("Away")) {
            assertThat(attempts.to).as("attempts").isNull();
        }
    }

    /** Everybody goes, and much time passes: nothing is left. */
    void conclude() {
        check();
        clients.stream().filter(Client::waits).toList().forEach(Client::leave);
        clients.stream().filter(Client::reads).toList().forEach(Client::leaveAnswer);
        attempts.calmDown();
        ports.clock.advance(DEADLINE);
        attempts.calmDown();
        ports.clock.advance(DEADLINE);
        if (!clients.isEmpty()) {
            assertThat(phase()).isEqualTo("Ended");
            check();
            assertThat(answers).as("answers").allMatch(answer -> answer.cancelled || answer.lastEvent.equals(OVER));
        }
        assertThat(ports.clock.pending()).as("timers").isZero();
        assertThat(seals).as("seals").allMatch(CompletableFuture::isDone);
        if (!clients.isEmpty()) {
            assertThat(resends.kept()).as("kept sessions").isZero();
            assertThat(resends.keptBytes()).as("kept bytes").isZero();
            assertThat(bytes.taken()).as("bytes").isZero();
            clients.forEach(client -> client.asked.place().letGo());
            assertThat(placesGivenBack).as("places given back").isEqualTo(clients.size());
        }
    }

    /** One client: it waits, is told once, and reads if it was served. */
    private final class Client implements UpstreamAnswer.Sink {
        private final InferenceRequest asked;
        private final UniAssertSubscriber<InferenceOutcome> outcome;
        private boolean hasGone;
        private boolean isDraining;
        private int ends;

        Client(InferenceRequest asked) {
            this.asked = asked;
            this.outcome = session.attach(asked).subscribe().withSubscriber(UniAssertSubscriber.create());
        }

        boolean waits() {
            return !hasGone && outcome.getItem() == null && outcome.getFailure() == null;
        }

        private Optional<UpstreamAnswer> served() {
            return outcome.getItem() instanceof Served(var facts, var answer) ? Optional.of(answer) : Optional.empty();
        }

        boolean mayDrain() {
            return !hasGone && !isDraining && served().isPresent();
        }

        boolean reads() {
            return !hasGone && ends == 0 && served().isPresent();
        }

        void drain() {
            isDraining = true;
            served().orElseThrow().drainTo(this);
        }

        void leave() {
            hasGone = true;
            outcome.cancel();
        }

        void leaveAnswer() {
            hasGone = true;
            served().orElseThrow().cancel();
        }

        @Override
        public void chunk(Buffer some) {
            assertThat(hasGone).as("a chunk for one that has gone").isFalse();
            assertThat(ends).as("a chunk after the end").isZero();
        }

        @Override
        public void end() {
            over();
        }

        @Override
        public void broken(Trigger why) {
            over();
        }

        private void over() {
            assertThat(hasGone).as("an end for one that has gone").isFalse();
            ends++;
        }

        void check() {
            assertThat(ends).as("ends").isLessThanOrEqualTo(1);
            if (isDraining && !hasGone && phase().equals("Ended")) {
                assertThat(ends).as("ends").isOne();
            }
        }
    }
}
