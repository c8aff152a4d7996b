package openledger.audit.usage;

import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import openledger.audit.usage.ProviderCall.Result;
import openledger.audit.usage.UsageDifference.Kind;
import openledger.audit.usage.UsageScope.Failures;
import openledger.audit.usage.UsageScope.Others;

/**
 * Holds calls of a log against a provider's record that has each call by its id. A difference is one that no clock skew within the
 * scope, no call without a name and no call that was given up can explain. Confined to one thread; a result is of one use. Long because each way not to
 * agree has its words.
 */
public final class CallReconciliation {
    private final UsageScope scope;
    private final Map<String, ProviderCall> byId = new HashMap<>();
    private final Set<String> named = new HashSet<>();
    private final Map<ClaimedEnd, List<LoggedCall>> unnamed = new HashMap<>();
    private final Reconciliation.Draft draft = new Reconciliation.Draft();
    private long compared;
    private long agreed;
    private long untold;
    private long billedLate;
    private long found;

    private CallReconciliation(UsageScope scope) {
        this.scope = scope;
    }

    /**
     * Compares.
     *
     * @param logged all calls of the log that may be in the record: those of the scope's time and of a margin around it
     * @param provided the record; an id that is there twice with the same content counts once
     * @throws NoCommonIds if the log has ids and the record has none of them: they name calls in two ways
     * @throws AmbiguousId if an id is there twice with different contents
     */
    public static Reconciliation of(UsageScope scope, List<LoggedCall> logged, List<ProviderCall> provided)
            throws NoCommonIds, AmbiguousId {
        CallReconciliation one = new CallReconciliation(scope);
        for (ProviderCall call : provided) {
            ProviderCall other = one.byId.putIfAbsent(call.id(), call);
            if (other != null && !other.equals(call)) {
                throw new AmbiguousId(call.id());
            }
        }
        for (LoggedCall call : logged) {
            one.take(call);
        }
        if (one.found == 0 && !one.named.isEmpty() && !one.byId.isEmpty()) {
            throw new NoCommonIds(one.named.size());
        }
        one.leftOver();
        return one.draft.done(one.compared, one.agreed, one.untold, one.billedLate);
    }

    private void take(LoggedCall call) {
        if (!call.isNamed()) {
            unnamed.computeIfAbsent(call.claim(), none -> new ArrayList<>()).add(call);
            return;
        }
        if (!named.add(call.upstreamId())) {
            compared++;
            add(
                    Kind.NEVER_SEEN,
                    call,
                    1,
                    "The log has this id for another call already: one call at the provider, two in the log.");
            return;
        }
        if (call.most() > 1) {
            // It was sent once more, and the provider's name is of the second.
            unnamed.computeIfAbsent(ClaimedEnd.UNCERTAIN, none -> new ArrayList<>())
                    .add(asSpare(call));
        }
        ProviderCall there = byId.get(call.upstreamId());
        if (there != null) {
            found++;
            compared++;
            both(call, there);
        } else if (!scope.holds(call) || !mustBeThere(call.claim())) {
            untold++;
        } else {
            compared++;
            add(Kind.NEVER_SEEN, call, 1, words(call.claim()) + ", and the provider has no call of this id.");
        }
    }

    private static LoggedCall asSpare(LoggedCall call) {
        return new LoggedCall(
                call.request(),
                call.attempt(),
                "",
                call.start(),
                call.end(),
                call.target(),
                "",
                ClaimedEnd.UNCERTAIN,
                TokenCount.NONE,
                call.most() - 1);
    }

    private boolean mustBeThere(ClaimedEnd claim) {
        return switch (claim) {
            case SERVED -> true;
            case REFUSED -> scope.failures() == Failures.LISTED;
            case UNCERTAIN -> false;
        };
    }

    private static String words(ClaimedEnd claim) {
        return switch (claim) {
            case SERVED -> "The log says that the provider answered";
            case REFUSED -> "The log says that the provider refused";
            case UNCERTAIN -> "The log says that the call was given up";
        };
    }

    private void both(LoggedCall call, ProviderCall there) {
        switch (call.claim()) {
            case REFUSED -> {
                if (there.isSuccess()) {
                    add(
                            Kind.REFUSAL_WAS_SUCCESS,
                            call,
                            1,
                            "The log says that the provider refused; the provider has an answer"
                                    + (there.tokens().output() > 0
                                            ? " of " + there.tokens().output() + " tokens."
                                            : "."));
                } else {
                    agreed++;
                }
            }
            case SERVED -> served(call, there);
            case UNCERTAIN -> {
                agreed++;
                billedLate += there.isSuccess() ? 1 : 0;
            }
        }
    }

    private void served(LoggedCall call, ProviderCall there) {
        if (there.result() == Result.REFUSED) {
            add(
                    Kind.SUCCESS_WAS_REFUSAL,
                    call,
                    1,
                    "The log says that the provider answered; the provider says that it refused.");
            return;
        }
        long off = off(call.tokens().input(), there.tokens().input())
                + off(call.tokens().output(), there.tokens().output());
        if (off == 0) {
            agreed++;
        } else {
            add(
                    Kind.TOKENS_DIFFER,
                    call,
                    off,
                    "Tokens of prompt and answer: " + shown(call.tokens()) + " in the log, " + shown(there.tokens())
                            + " at the provider.");
        }
    }

    private static long off(long one, long other) {
        return one == TokenCount.UNKNOWN || other == TokenCount.UNKNOWN ? 0 : Math.abs(one - other);
    }

    private static String shown(TokenCount tokens) {
        return shown(tokens.input()) + " and " + shown(tokens.output());
    }

    private static String shown(long tokens) {
        return tokens == TokenCount.UNKNOWN ? "?" : Long.toString(tokens);
    }

    /** Calls without a name on one side or the other. Each conclusion is drawn from the matching that is kindest to it. */
    private void leftOver() {
        List<ProviderCall> answered = new ArrayList<>();
        List<ProviderCall> refused = new ArrayList<>();
        byId.values().stream()
                .filter(call -> !named.contains(call.id()))
                .forEach(call -> (call.result() == Result.REFUSED ? refused : answered).add(call));
        never(ClaimedEnd.SERVED, answered);
        List<ProviderCall> all = new ArrayList<>(answered);
        all.addAll(refused);
        never(ClaimedEnd.REFUSED, all);
        untold += of(ClaimedEnd.UNCERTAIN).size();
        if (scope.others() == Others.SOME) {
            return;
        }
        List<LoggedCall> mayHaveAnswered = new ArrayList<>(of(ClaimedEnd.SERVED));
        mayHaveAnswered.addAll(of(ClaimedEnd.UNCERTAIN));
        List<ProviderCall> unexplained =
                SpareCalls.match(answered, mayHaveAnswered, scope.skew()).calls();
        Set<ProviderCall> hidden = new HashSet<>(unexplained);
        List<ProviderCall> unlogged = SpareCalls.match(unexplained, of(ClaimedEnd.REFUSED), scope.skew())
                .calls();
        unlogged.forEach(hidden::remove);
        hidden.forEach(call -> add(
                Kind.REFUSAL_WAS_SUCCESS,
                call,
                "The provider has an answer where the log has only a claimed refusal without an id, at that time."));
        unlogged.forEach(call -> add(Kind.NOT_IN_LOG, call, "No call of the log has this id or could be this call."));
        List<LoggedCall> mayHaveBeenRefused = new ArrayList<>(of(ClaimedEnd.REFUSED));
        mayHaveBeenRefused.addAll(of(ClaimedEnd.UNCERTAIN));
        SpareCalls.match(refused, mayHaveBeenRefused, scope.skew())
                .calls()
                .forEach(call ->
                        add(Kind.NOT_IN_LOG, call, "The provider refused a call that no call of the log could be."));
    }

    private void never(ClaimedEnd claim, List<ProviderCall> possible) {
        List<LoggedCall> judged = new ArrayList<>();
        for (LoggedCall call : of(claim)) {
            if (mustBeThere(claim) && scope.holds(call)) {
                judged.add(call);
            } else {
                untold++;
            }
        }
        compared += judged.size();
        SpareCalls.match(possible, judged.stream().map(CallReconciliation::once).toList(), scope.skew())
                .intervals()
                .forEach(call -> add(
                        Kind.NEVER_SEEN,
                        call,
                        1,
                        words(claim) + ", without an id, and the provider has no such call at that time."));
    }

    private static LoggedCall once(LoggedCall call) {
        return call.most() == 1
                ? call
                : new LoggedCall(
                        call.request(),
                        call.attempt(),
                        "",
                        call.start(),
                        call.end(),
                        call.target(),
                        call.answered(),
                        call.claim(),
                        call.tokens(),
                        1);
    }

    private List<LoggedCall> of(ClaimedEnd claim) {
        return unnamed.getOrDefault(claim, List.of());
    }

    private void add(Kind kind, LoggedCall call, long amount, String text) {
        String model = call.answered().isEmpty() ? call.target() : call.answered();
        draft.add(new UsageDifference(kind, call.start(), model, call.request(), call.upstreamId(), amount, text));
    }

    private void add(Kind kind, ProviderCall call, String text) {
        if (scope.holds(call)) {
            Instant at = call.time();
            draft.add(new UsageDifference(kind, at, call.model(), "", call.id(), 1, text));
        }
    }

    /** The ids of the log are none of the record's, so that nothing can be found by them. */
    public static final class NoCommonIds extends Exception {
        private NoCommonIds(int ids) {
            super("none of the log's " + ids + " upstream request ids is in the export");
        }
    }

    /** An id of the record stands for two calls. */
    public static final class AmbiguousId extends Exception {
        private AmbiguousId(String id) {
            super("the export has the id " + id + " twice, with different contents");
        }
    }
}
