package openledger.inference.fairness;

import io.vertx.core.buffer.Buffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import openledger.access.Caller;
import openledger.access.KeyLimits;
import openledger.fairness.Verdict;
import openledger.inference.CurrentPolicy;
import openledger.inference.InferenceOutcome;
import openledger.inference.InferenceOutcome.AnswerNotKept;
import openledger.inference.InferenceOutcome.AnsweredBefore;
import openledger.inference.InferenceOutcome.BudgetExhausted;
import openledger.inference.InferenceOutcome.DeadlinePassed;
import openledger.inference.InferenceOutcome.JournalNotOpen;
import openledger.inference.InferenceOutcome.KeyReused;
import openledger.inference.InferenceOutcome.LaneLost;
import openledger.inference.InferenceOutcome.LevelLags;
import openledger.inference.InferenceOutcome.NoRoomToHold;
import openledger.inference.InferenceOutcome.NotAccepted;
import openledger.inference.InferenceOutcome.NotConfirmed;
import openledger.inference.InferenceOutcome.NotRecorded;
import openledger.inference.InferenceOutcome.OriginElsewhere;
import openledger.inference.InferenceOutcome.OriginUnknown;
import openledger.inference.InferenceOutcome.OriginsUnavailable;
import openledger.inference.InferenceOutcome.OwnedElsewhere;
import openledger.inference.InferenceOutcome.Rejected;
import openledger.inference.InferenceOutcome.Served;
import openledger.inference.InferenceOutcome.Untranslatable;
import openledger.inference.InferenceRequest;
import openledger.inference.InferenceService;
import openledger.inference.Timekeeper;
import openledger.inference.admission.Admission;
import openledger.inference.admission.Admission.Admitted;
import openledger.inference.admission.Permit;
import openledger.inference.admission.ResendHint;
import openledger.inference.record.Decision;
import openledger.inference.upstream.UpstreamAnswer;
import openledger.routing.Gate;
import openledger.routing.Operation;
import openledger.routing.Route;
import openledger.routing.RoutingMode;
import openledger.routing.Trigger;

/**
 * Twins: two identical tiny requests sent together, by two tenants that ask for nothing else. Whether both got the same tier is the
 * simplest test of fairness; ordinary requests cannot answer it, because no two of them are alike. Twins are served and recorded like all
 * requests. Confined to one event loop.
 */
public final class TwinProbes {
    private static final long MILLIS_A_DAY = 86_400_000;
    /** Names that no key can have. */
    private static final String[] TENANTS = {"~twin-1", "~twin-2"};

    private final Admission admission;
    private final InferenceService service;
    private final CurrentPolicy policy;
    private final FairnessBoard board;
    private final Timekeeper time;
    private final TwinSettings settings;
    private long day = -1;
    private int today;
    private int turn;

    public TwinProbes(
            Admission admission,
            InferenceService service,
            CurrentPolicy policy,
            FairnessBoard board,
            Timekeeper time,
            TwinSettings settings) {
        this.admission = admission;
        this.service = service;
        this.policy = policy;
        this.board = board;
        this.time = time;
        this.settings = settings;
    }

    /** Sends a pair to the route and mode whose turn it is; nothing if the day has had its pairs. */
    public void probe() {
        long now = Math.floorDiv(time.epochMillis(), MILLIS_A_DAY);
        if (now != day) {
            day = now;
            today = 0;
        }
        List<Aim> aims = aims();
        if (aims.isEmpty() || today >= settings.pairsPerDay()) {
            return;
        }
        today++;
        send(aims.get(Math.floorMod(turn++, aims.size())));
    }

    private List<Aim> aims() {
        List<Aim> aims = new ArrayList<>();
        for (Route route : policy.get().routes().values()) {
            if (route.operations().contains(Operation.CHAT)) {
                for (RoutingMode mode : RoutingMode.values()) {
                    if (route.modes().allows(mode)) {
                        aims.add(new Aim(route.name(), mode));
                    }
                }
            }
        }
        aims.sort(java.util.Comparator.comparing(Aim::route).thenComparing(Aim::mode));
        return aims;
    }

    private void send(Aim aim) {
        Pair pair = new Pair(aim);
        for (String tenant : TENANTS) {
            send(aim, tenant, pair);
        }
    }

    private void send(Aim aim, String tenant, Pair pair) {
        Caller caller = new Caller(tenant, tenant, KeyLimits.NONE, Optional.empty());
        Admission.Result result = admission.admit(Operation.CHAT, body(aim.route), aim.mode.word(), caller);
        if (!(result instanceof Admitted(var body, var route, var terms))) {
            return;
        }
        pair.gate = terms.mode().gate().orElse(Gate.RESPONSE);
        InferenceRequest request = new InferenceRequest(
                tenant,
                route,
                Operation.CHAT,
                terms,
                body,
                Map.of(),
                "",
                "",
                ResendHint.NONE,
                Optional.empty(),
                time.epochMillis(),
                time.nanoTime(),
                Optional.empty(),
                Optional.empty(),
                Permit.UNCOUNTED);
        service.infer(request).subscribe().with(outcome -> pair.heard(tier(outcome)), bug -> {});
    }

    private static byte[] body(String route) {
        // A name of a route has no character that JSON would escape.
        return ("{\"model\":\"" + route + "\",\"max_tokens\":1,\"messages\":[{\"role\":\"user\",\"content\":\"1\"}]}")
                .getBytes(StandardCharsets.UTF_8);
    }

    /** The tier a twin got, or that it got none; empty if it was turned away before anything was decided. */
    private static OptionalInt tier(InferenceOutcome outcome) {
        return switch (outcome) {
            case Served(var facts, var answer) -> {
                answer.drainTo(new Drain());
                yield OptionalInt.of(facts.servedTier());
            }
            case BudgetExhausted none -> OptionalInt.of(Decision.NO_TIER);
            case NotConfirmed none -> OptionalInt.of(Decision.NO_TIER);
            case Rejected _, Untranslatable _, NotAccepted _, JournalNotOpen _, NoRoomToHold _, LevelLags _ ->
                OptionalInt.empty();
            case OriginUnknown _, OriginElsewhere _, OriginsUnavailable _, OwnedElsewhere _ -> OptionalInt.empty();
            case KeyReused _, AnswerNotKept _, AnsweredBefore _, NotRecorded _, LaneLost _, DeadlinePassed _ ->
                OptionalInt.empty();
        };
    }

    /** What is probed. */
    private record Aim(String route, RoutingMode mode) {}

    /** The two of a pair, as they are heard of. */
    private final class Pair {
        private final Aim aim;
        private Gate gate = Gate.RESPONSE;
        private OptionalInt first = OptionalInt.empty();
        private boolean oneWasHeard;

        Pair(Aim aim) {
            this.aim = aim;
        }

        void heard(OptionalInt tier) {
            if (!oneWasHeard) {
                oneWasHeard = true;
                first = tier;
            } else if (first.isPresent() && tier.isPresent()) {
                board.twins(aim.route, aim.mode, gate, Verdict.goodIf(first.getAsInt() == tier.getAsInt()));
            }
        }
    }

    /** Reads an answer that nobody wants to read. */
    private static final class Drain implements UpstreamAnswer.Sink {
        @Override
        public void chunk(Buffer bytes) {}

        @Override
        public void end() {}

        @Override
        public void broken(Trigger why) {}
    }
}
