package openledger.inference;

import io.smallrye.mutiny.Uni;
import io.smallrye.mutiny.subscription.UniEmitter;
import io.vertx.core.buffer.Buffer;
import java.lang.reflect.InvocationHandler;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import openledger.budget.AttemptPermit;
import openledger.commitment.PlanLevel;
import openledger.inference.admission.ModeOptions;
import openledger.inference.admission.Permit;
import openledger.inference.admission.RequestBody;
import openledger.inference.admission.RequestBody.MalformedBody;
import openledger.inference.admission.ResendHint;
import openledger.inference.record.AttemptDetail;
import openledger.inference.record.Decision;
import openledger.inference.record.ResendKind;
import openledger.inference.record.TokenUsage;
import openledger.inference.resend.ResendSettings;
import openledger.inference.upstream.CallResult;
import openledger.inference.upstream.ClaimedSlot;
import openledger.inference.upstream.ClosedTargets;
import openledger.inference.upstream.ProviderGateway;
import openledger.inference.upstream.ProviderView;
import openledger.inference.upstream.SlotTicket;
import openledger.inference.upstream.UpstreamAnswer;
import openledger.inference.upstream.UpstreamRequest;
import openledger.routing.Operation;
import openledger.routing.Route;
import openledger.routing.Target;
import openledger.routing.Trigger;
import openledger.routing.choice.TargetLoad;
import openledger.unit.TargetId;
import org.jspecify.annotations.Nullable;

/**
 * Our own ports, turned by hand: time that stands still, providers that answer when told, a journal in memory. Long because
 * a test reads best beside all its fakes.
 */
public final class FakePorts {
    public final TurnedClock clock = new TurnedClock();
    public final TurnedLoops loops = new TurnedLoops(clock);
    public final Providers providers = new Providers(loops);
    public final MemoryJournal journal = new MemoryJournal();
    public final Counted counted = new Counted();
    public final InferenceService service = new InferenceService(
            new ServicePorts(providers, journal, loops, loops, counted.metrics),
            new ResendSettings(
                    Duration.ofMinutes(30),
                    Duration.ofSeconds(5),
                    Duration.ofSeconds(60),
                    1_000,
                    4_000,
                    6,
                    ResendSettings.FirstCall.EAGER));

    /** What was measured. An event without a list of its own is its name, followed by those of its values that are words. */
    public static final class Counted implements InvocationHandler {
        public final List<Decision> decisions = new ArrayList<>();
        public final List<ResendKind> resends = new ArrayList<>();
        public final List<String> events = new ArrayList<>();
        public final List<PlanLevel> confirmations = new ArrayList<>();
        public final RouterMetrics metrics = (RouterMetrics) Proxy.newProxyInstance(
                RouterMetrics.class.getClassLoader(), new Class<?>[] {RouterMetrics.class}, this);

        @Override
        public @Nullable Object invoke(Object self, Method event, Object @Nullable [] arguments) {
            Object[] values = arguments == null ? new Object[0] : arguments;
            switch (event.getName()) {
                case "finished" -> decisions.add((Decision) values[1]);
                case "resend" -> resends.add((ResendKind) values[1]);
                case "confirmed" -> confirmations.add((PlanLevel) values[2]);
                default ->
                    events.add(Stream.concat(
                                    Stream.of(event.getName()),
                                    Stream.of(values)
                                            .filter(Enum.class::isInstance)
                                            .map(Object::toString))
                            .collect(Collectors.joining(" ")));
            }
            return null;
        }
    }

    public InferenceRequest request(Route route, ResendHint resend) {
        return request(route, resend, "{\"model\":\"assistant\",\"stream\":true}");
    }

    public InferenceRequest request(Route route, ResendHint resend, String text) {
        return request(route, resend, text, "");
    }

    public InferenceRequest request(Route route, ResendHint resend, String text, String nonce) {
        return request("tenant", route, resend, text, nonce);
    }

    public InferenceRequest request(String tenant, Route route, ResendHint resend, String text, String nonce) {
        try {
            RequestBody body = RequestBody.of(text.getBytes(StandardCharsets.UTF_8), 8);
            return new InferenceRequest(
                    tenant,
                    route,
                    Operation.CHAT,
                    new ModeOptions.Fast(),
                    body,
                    Map.of(),
                    "",
                    nonce,
                    resend,
                    Optional.empty(),
                    clock.epochMillis(),
                    clock.nanoTime(),
                    Optional.empty(),
                    Optional.empty(),
                    Permit.UNCOUNTED);
        } catch (MalformedBody e) {
            throw new AssertionError(e);
        }
    }

    /** Providers whose every call waits for the test, unless a script says otherwise. */
    public static final class Providers implements ProviderGateway {
        public final List<Call> calls = new ArrayList<>();
        public final Deque<CallResult> script = new ArrayDeque<>();
        public final Map<TargetId, Load> loads = new HashMap<>();
        public final List<Slot> claimed = new ArrayList<>();
        /** What the next call throws. */
        @Nullable RuntimeException bug;

        private final EventLoops loops;
        public ClosedTargets closed = ClosedTargets.NONE;

        Providers(EventLoops loops) {
            this.loops = loops;
        }

        @Override
        public Load load(Target target) {
            return loads.computeIfAbsent(target.id(), id -> new Load());
        }

        @Override
        public ProviderView viewOf(Route route) {
            return ProviderView.NONE;
        }

        @Override
        public ClosedTargets closedTo(ProviderView view, Route route, Operation operation, RequestBody body) {
            return closed;
        }

        @Override
        public List<ClaimedSlot> claim(Target target, int most) {
            List<ClaimedSlot> slots = new ArrayList<>();
            while (slots.size() < most && load(target).hasFreeSlot()) {
                Slot slot = new Slot(this, target);
                load(target).inFlight++;
                claimed.add(slot);
                slots.add(slot);
            }
            return slots;
        }

        @Override
        public SlotTicket await(Target target, long turn) {
            List<ClaimedSlot> served = new ArrayList<>(claim(target, 1));
            return new SlotTicket() {
                @Override
                public Optional<ClaimedSlot> take() {
                    return (served.isEmpty() ? claim(target, 1) : served)
                            .stream().findFirst();
                }

                @Override
                public void leave() {
                    served.forEach(ClaimedSlot::release);
                }
            };
        }

        @Override
        public Uni<CallResult> call(AttemptPermit permit, Target target, UpstreamRequest request) {
            if (bug != null) {
                throw bug;
            }
            Call call = new Call(permit, target, loops.here());
            calls.add(call);
            CallResult now = script.poll();
            if (now != null) {
                call.landed = true;
                return Uni.createFrom().item(now);
            }
            return Uni.createFrom().<CallResult>emitter(to -> {
                call.emitter = to;
                to.onTermination(() -> call.cancelled = !call.landed);
            });
        }

        public long inFlight() {
            return calls.stream()
                    .filter(call -> !call.landed && !call.cancelled)
                    .count();
        }
    }

    /** A slot that was claimed. */
    public static final class Slot implements ClaimedSlot {
        private final Providers providers;
        private final Target target;
        public boolean used;
        public boolean released;

        Slot(Providers providers, Target target) {
            this.providers = providers;
            this.target = target;
        }

        @Override
        public Target target() {
            return target;
        }

        @Override
        public Uni<CallResult> call(AttemptPermit permit, UpstreamRequest request) {
            if (!providers.load(target).open) {
                release();
            }
            if (used || released) {
                return Uni.createFrom()
                        .item(new CallResult.Failed(Trigger.NO_CAPACITY, 0, Optional.empty(), "", AttemptDetail.NONE));
            }
            used = true;
            return providers
                    .call(permit, target, request)
                    .onTermination()
                    .invoke(() -> providers.load(target).inFlight--);
        }

        @Override
        public void release() {
            if (!used && !released) {
                released = true;
                providers.load(target).inFlight--;
            }
        }
    }

    /** One call in the air. */
    public static final class Call {
        public final AttemptPermit permit;
        public final Target target;
        public final EventLoops.Loop loop;

        @Nullable UniEmitter<? super CallResult> emitter;

        public boolean landed;
        public boolean cancelled;

        Call(AttemptPermit permit, Target target, EventLoops.Loop loop) {
            this.permit = permit;
            this.target = target;
            this.loop = loop;
        }

        /** Fails it, which is a bug. */
        public void fail(Throwable bug) {
            landed = true;
            loop.execute(() -> {
                if (emitter != null) {
                    emitter.fail(bug);
                }
            });
        }

        /** Completes it on the loop it was made on. */
        public void land(CallResult result) {
            landed = true;
            loop.execute(() -> {
                if (emitter != null) {
                    emitter.complete(result);
                }
            });
        }
    }

    /** A load a test sets. */
    public static final class Load implements TargetLoad {
        public boolean open = true;
        public int inFlight;
        public int limit = 8;

        @Override
        public boolean isOpen() {
            return open;
        }

        @Override
        public int inFlight() {
            return inFlight;
        }

        @Override
        public int limit() {
            return limit;
        }

        @Override
        public long latencyNanos() {
            return 0;
        }
    }

    /** An answer whose bytes a test sends. */
    public static final class Answer implements UpstreamAnswer {
        private @Nullable Sink sink;

        /** Where the bytes go; the answer must have been drained. */
        public Sink sink() {
            return java.util.Objects.requireNonNull(sink);
        }

        public boolean isRead() {
            return sink != null;
        }

        public Buffer lastEvent = Buffer.buffer();
        public Optional<TokenUsage> usage = Optional.empty();
        public boolean cancelled;

        @Override
        public String contentType() {
            return "text/event-stream";
        }

        @Override
        public long contentLength() {
            return -1;
        }

        @Override
        public Buffer lastEvent() {
            return lastEvent;
        }

        @Override
        public Optional<TokenUsage> usage(Buffer lastPiece) {
            return usage;
        }

        @Override
        public void drainTo(Sink to) {
            sink = to;
        }

        @Override
        public void pause() {}

        @Override
        public void resume() {}

        @Override
        public void cancel() {
            cancelled = true;
        }
    }

    public static CallResult failed(Trigger trigger) {
        return new CallResult.Failed(
                trigger, trigger == Trigger.RATE_LIMITED ? 429 : 503, Optional.empty(), "", AttemptDetail.NONE);
    }

    public static CallResult answered(UpstreamAnswer answer) {
        return new CallResult.Answered(answer, 200, "up-1", AttemptDetail.NONE);
    }
}
