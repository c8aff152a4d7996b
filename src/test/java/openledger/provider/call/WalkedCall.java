package openledger.provider.call;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.Context;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import openledger.cluster.News;
import openledger.cluster.slot.SlotShares;
import openledger.inference.Timekeeper;
import openledger.inference.TurnedClock;
import openledger.inference.admission.Permit;
import openledger.inference.admission.RequestBody;
import openledger.inference.admission.RequestBody.MalformedBody;
import openledger.inference.upstream.AnswerForm;
import openledger.inference.upstream.CallResult;
import openledger.inference.upstream.ProviderView;
import openledger.inference.upstream.UpstreamAnswer;
import openledger.inference.upstream.UpstreamRequest;
import openledger.provider.Egress;
import openledger.provider.ProviderAccount;
import openledger.provider.ProviderEndpoint;
import openledger.provider.answer.AnswerCheck;
import openledger.provider.answer.DocumentDecoder;
import openledger.provider.dialect.EncodedRequest;
import openledger.provider.openai.ChatStream;
import openledger.provider.target.CircuitSettings;
import openledger.provider.target.GuardedTarget;
import openledger.provider.translation.Translation.UsageChunk;
import openledger.routing.Dialect;
import openledger.routing.Operation;
import openledger.routing.Provider;
import openledger.routing.TestRoutes;
import openledger.routing.Trigger;
import org.jspecify.annotations.Nullable;

/**
 * One call, and everything that may happen to it: what it does is written down, and what must always hold is checked. Long because it is
 * the list of the events. Confined to its event loop.
 */
final class WalkedCall {
    private static final Duration LONG = Duration.ofHours(1);

    private static final String CONTENT = "data: {\"choices\":[{\"index\":0,\"delta\":{\"content\":\"x\"}}]}\n\n";
    private static final String FAULT = "data: {\"error\":{\"message\":\"y\"}}\n\n";

    final List<String> heard = new ArrayList<>();
    private final TurnedClock clock = new TurnedClock();
    private final FakeExchange exchange;
    private final GuardedTarget target;
    private final UpstreamCall call;
    private final Client client;
    private @Nullable Reader reader;
    private boolean isStarted;
    private boolean isSent;
    private int results;

    /** What may happen. */
    enum Event {
        START,
        SENT,
        HEAD,
        HEAD_OF_AN_ERROR,
        HEAD_OF_A_FULL_ONE,
        HEAD_OF_A_BROKEN_ONE,
        HEAD_WITHOUT_BODY,
        ROLE,
        CONTENT,
        /** An answer that is a document. */
        DOCUMENT,
        CONTENT_AND_FAULT,
        FAULT,
        DONE,
        END,
        LOST,
        SILENCE,
        DRAIN,
        DRAIN_BY_ONE_WHO_PAUSES,
        DRAIN_BY_ONE_WHO_LEAVES,
        PAUSE,
        RESUME,
        CANCEL,
        DEPART,
        SUBSCRIPTION_OVER
    }

    /** What is done with the result, in the very call by which it is given. */
    enum Client {
        WAITS,
        DRAINS,
        CANCELS
    }

    /** It cannot happen now, whatever the call does. */
    static final class Impossible extends RuntimeException {}

    WalkedCall(ProviderEndpoint endpoint, GuardedTarget target, Context loop, AnswerForm form, Client client) {
        this.client = client;
        this.exchange = new FakeExchange(loop);
        this.target = target;
        assertThat(target.state().reserve()).isTrue();
        this.call = new UpstreamCall(
                endpoint,
                target,
                clock,
                request(form),
                new EncodedRequest(
                        Buffer.buffer("{}"),
                        () -> form == AnswerForm.STREAM
                                ? new ChatStream(UsageChunk.SENT)
                                : new DocumentDecoder(AnswerCheck.Kind.CHAT),
                        List.of()),
                listener -> exchange);
    }

    static ProviderEndpoint endpoint(Vertx vertx, Timekeeper time) {
        Provider provider = new Provider(
                "p0",
                Dialect.OPENAI,
                Dialect.OPENAI.operations(),
                URI.create("http://127.0.0.1:1/v1"),
                TestRoutes.TIMEOUTS);
        return new ProviderEndpoint(
                vertx, provider, Optional.empty(), Egress.DIRECT, new ProviderAccount("p0", time::nanoTime));
    }

    static GuardedTarget target(ProviderEndpoint endpoint, Timekeeper time) {
        return GuardedTarget.of(
                TestRoutes.of(1).tiers().getFirst().targets().getFirst(),
                endpoint,
                new CircuitSettings(100, 0.5, Duration.ofSeconds(1), Duration.ofMinutes(1)),
                time,
                News.NONE,
                SlotShares.ALONE);
    }

    private static UpstreamRequest request(AnswerForm form) {
        try {
            return new UpstreamRequest(
                    Operation.CHAT,
                    RequestBody.of("{\"model\":\"m0\"}".getBytes(StandardCharsets.UTF_8), 8),
                    form,
                    Map.of(),
                    "request",
                    ProviderView.NONE,
                    Optional.empty(),
                    "tenant",
                    Permit.UNCOUNTED);
        } catch (MalformedBody e) {
            throw new AssertionError(e);
        }
    }

    /** Where the call stands. */
    String state() {
        return call.state.getClass().getSimpleName() + (call.state.isPaused() ? " paused" : "");
    }

    /**
     * It happens.
     *
     * @throws Impossible if it cannot
     * @throws IllegalStateException if the call refuses it
     */
    void play(Event event) {
        switch (event) {
            case START -> start();
            case SENT -> {
                call.sent(exchange.request());
                isSent = true;
            }
            case HEAD -> call.head(exchange.response(200));
            case HEAD_OF_AN_ERROR -> call.head(exchange.response(400));
            case HEAD_OF_A_FULL_ONE -> call.head(exchange.response(529));
            case HEAD_OF_A_BROKEN_ONE -> call.head(exchange.response(503));
            case HEAD_WITHOUT_BODY -> call.head(exchange.response(204));
            case ROLE -> send("data: {\"choices\":[{\"index\":0,\"delta\":{\"role\":\"assistant\"}}]}\n\n");
            case CONTENT -> send(CONTENT);
            case DOCUMENT -> send("{\"choices\":[\"x\"]}");
            case FAULT -> send(FAULT);
            case CONTENT_AND_FAULT -> send(CONTENT + FAULT);
            case DONE -> send("data: [DONE]\n\n");
            case END -> {
                possible(exchange.isOpen());
                exchange.end();
            }
            case LOST -> {
                possible(!exchange.isGivenBack());
                if (!exchange.lose() && !exchange.isStopped) {
                    call.lost(new IOException("lost"));
                }
            }
            case SILENCE -> clock.advance(LONG);
            case DRAIN -> drain(() -> {});
            case DRAIN_BY_ONE_WHO_PAUSES -> drain(call::pause);
            case DRAIN_BY_ONE_WHO_LEAVES -> drain(() -> leave(call::cancel));
            case PAUSE -> call.pause();
            case RESUME -> call.resume();
            case CANCEL -> leave(call::cancel);
            case DEPART -> leave(call::depart);
            case SUBSCRIPTION_OVER -> call.departIfWaitedFor();
        }
    }

    private void send(String text) {
        possible(exchange.isOpen());
        exchange.send(text);
    }

    private static void possible(boolean is) {
        if (!is) {
            throw new Impossible();
        }
    }

    private void start() {
        CompletionStage<CallResult> result = call.start();
        if (!isStarted) {
            isStarted = true;
            result.whenComplete(this::result);
        }
    }

    private void leave(Runnable how) {
        if (reader != null) {
            reader.hasLeft = reader.ends == 0;
        }
        how.run();
    }

    private void drain(Runnable atEachChunk) {
        Reader before = reader;
        Reader made = new Reader(atEachChunk);
        reader = made;
        try {
            call.drainTo(made);
        } catch (IllegalStateException refused) {
            reader = before;
            throw refused;
        }
    }

    private void result(@Nullable CallResult result, @Nullable Throwable failure) {
        results++;
        Throwable cause =
                failure instanceof CompletionException && failure.getCause() != null ? failure.getCause() : failure;
        heard.add(
                cause instanceof CallFailure failed
                        ? (cause instanceof CallFailure.Blameless ? "blameless " : "failed ")
                                + failed.result().trigger()
                        : result == null
                                ? "bug " + cause
                                : result.getClass().getSimpleName().toLowerCase(Locale.ROOT));
        if (result instanceof CallResult.Answered) {
            switch (client) {
                case WAITS -> {}
                case DRAINS -> drain(() -> {});
                case CANCELS -> call.cancel();
            }
        }
    }

    /** Whatever has happened: nothing is left of it in the end, and nobody was told anything twice. */
    void check() {
        boolean isClosed = call.state instanceof CallState.Closed;
        assertThat(target.state().inFlight()).as("slots").isEqualTo(isClosed ? 0 : 1);
        assertThat(exchange.isStopped).as("delivery stopped").isEqualTo(isClosed);
        assertThat(results).as("results").isLessThanOrEqualTo(1);
        if (reader != null && isClosed) {
            assertThat(reader.ends).as("ends").isEqualTo(reader.hasLeft ? 0 : 1);
        }
    }

    /** Everybody goes, and much time passes. */
    void conclude() {
        check();
        leave(call::depart);
        clock.advance(LONG);
        check();
        assertThat(state()).isEqualTo("Closed");
        assertThat(results).as("results").isEqualTo(isStarted ? 1 : 0);
        assertThat(clock.pending()).as("timers").isZero();
        assertThat(exchange.isGivenBack() || !isSent)
                .as("connection given back")
                .isTrue();
        int before = heard.size();
        call.pause();
        call.resume();
        call.cancel();
        call.depart();
        call.departIfWaitedFor();
        clock.advance(LONG);
        assertThat(heard).as("after the end").hasSize(before);
        assertThat(target.state().inFlight()).as("slots").isZero();
    }

    /** Hears one answer, and knows what it may not hear. */
    private final class Reader implements UpstreamAnswer.Sink {
        private final Runnable atEachChunk;
        private int ends;
        private boolean hasLeft;

        Reader(Runnable atEachChunk) {
            this.atEachChunk = atEachChunk;
        }

        @Override
        public void chunk(Buffer bytes) {
            assertThat(ends).as("a chunk after the end").isZero();
            assertThat(hasLeft).as("a chunk after it was cancelled").isFalse();
            heard.add("chunk");
            atEachChunk.run();
        }

        @Override
        public void end() {
            over("end");
        }

        @Override
        public void broken(Trigger why) {
            over("broken " + why);
        }

        private void over(String how) {
            assertThat(call.state).isInstanceOf(CallState.Closed.class);
            assertThat(hasLeft).as("an end after it was cancelled").isFalse();
            ends++;
            heard.add(how);
            assertThat(ends).as("ends").isOne();
        }
    }
}
