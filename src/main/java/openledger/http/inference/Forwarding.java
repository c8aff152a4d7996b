package openledger.http.inference;

import io.vertx.core.http.HttpServerRequest;
import java.time.Duration;
import java.util.Optional;
import openledger.cluster.ClusterMember;
import openledger.cluster.HopOutcome;
import openledger.cluster.Peers;
import openledger.cluster.RangeMap;
import openledger.cluster.RangeOwner;
import openledger.cluster.ResendRanges;
import openledger.http.HomeContext;
import openledger.http.header.RetryAfterHeader;
import openledger.http.problem.Problem;
import openledger.http.problem.ProblemType;
import openledger.inference.RouterMetrics;
import openledger.inference.Timekeeper;
import openledger.unit.ResendKey;

/**
 * Brings requests with an idempotency key to the router that answers for it. A request is forwarded whole, once; a router that says it is
 * not the owner has the map read anew, and then one more is asked. What cannot be forwarded is never begun here. Thread-safe.
 *
 * @param ranges who answers for what
 * @param peers the other routers
 * @param longest that a request may take, whatever its client allows
 */
record Forwarding(
        ResendRanges ranges,
        Peers peers,
        Duration longest,
        Timekeeper time,
        ReaderPatience patience,
        RouterMetrics metrics) {
    /** Between a request's own end at its owner and the end of its hop. */
    private static final Duration SLACK = Duration.ofSeconds(5);

    static final Duration WHEN_OWNED = Duration.ofSeconds(1);
    private static final Way HERE = new Way.Here();

    /** Where a request is to go on. */
    sealed interface Way {
        /** Here. */
        record Here() implements Way {}

        /** At another router. */
        record There(ClusterMember owner, long mapVersion) implements Way {}

        /** Nowhere, for now. */
        record Nowhere() implements Way {}
    }

    /** Where a request goes on that has this key, empty if it has none: those stay where they are. */
    Way wayOf(String tenant, String idempotencyKey) {
        if (ranges.isAlone() || idempotencyKey.isEmpty()) {
            return HERE;
        }
        return way(ranges.map(), tenant, idempotencyKey);
    }

    private static Way way(RangeMap map, String tenant, String idempotencyKey) {
        return switch (map.owner(ResendKey.of(tenant, idempotencyKey).range())) {
            case RangeOwner.Ours ours -> HERE;
            case RangeOwner.Another(var member) -> new Way.There(member, map.version());
            case RangeOwner.Nobody nobody -> new Way.Nowhere();
        };
    }

    /**
     * Forwards a request and relays the answer; what becomes of it is written to its response.
     *
     * @param here what happens if the map, read anew, says that it is ours
     */
    void forward(
            HttpServerRequest request,
            OutcomeRenderer renderer,
            String path,
            Way.There to,
            String tenant,
            ClientTerms terms,
            byte[] body,
            Runnable here) {
        Hopping hopping = new Hopping(request, renderer, path, tenant, terms, body, here);
        request.response().closeHandler(gone -> hopping.leave());
        hopping.go(to);
    }

    /** How long a hop may take. */
    static Duration hopTime(ClientTerms terms, Duration longest) {
        return terms.deadline()
                .filter(wish -> wish.compareTo(longest) < 0)
                .orElse(longest)
                .plus(SLACK);
    }

    void nobody(HttpServerRequest request, OutcomeRenderer renderer) {
        metrics.forwarded(HopOutcome.NOBODY, Optional.empty());
        unreachable(request, renderer);
    }

    static void unreachable(HttpServerRequest request, OutcomeRenderer renderer) {
        tell(ProblemType.OWNER_UNREACHABLE, request, renderer);
    }

    /** What a client is told of a hop that has ended so before anything of its answer was relayed. */
    static ProblemType problem(HopOutcome why) {
        return switch (why) {
            case NOT_OWNER, NOBODY, UNREACHABLE -> ProblemType.OWNER_UNREACHABLE;
            case STRANGER, REFUSED -> ProblemType.OWNER_REFUSED;
            // What was done with it is not known.
            case LOST, UNPROVED, RELAYED, CLIENT_LEFT -> ProblemType.OWNER_LOST;
        };
    }

    private static void tell(ProblemType problem, HttpServerRequest request, OutcomeRenderer renderer) {
        RetryAfterHeader.add(request.response().headers(), WHEN_OWNED);
        String detail = switch (problem) {
            case OWNER_UNREACHABLE ->
                "The router that answers for this Idempotency-Key cannot be reached now; no provider was"
                        + " called. Send the request again with the same key.";
            case OWNER_REFUSED ->
                "The router that answers for this Idempotency-Key takes nothing from the one that was asked:"
                        + " they differ in the secret or the name of their cluster, or in their clocks, which"
                        + " their operator has to mend. No provider was called. Send the request again with the"
                        + " same key.";
            default ->
                "The router that works for this Idempotency-Key was lost before it answered; attempts that"
                        + " were made may have cost tokens. Sent again with the same key, the request has the same"
                        + " budget.";
        };
        renderer.render(Problem.of(problem, detail, "idempotency-key"), request.response());
    }

    /** One request, at one owner after another. Confined to the event loop of its connection. */
    private final class Hopping implements RelayedAnswer.End {
        private final HttpServerRequest request;
        private final OutcomeRenderer renderer;
        private final String path;
        private final String tenant;
        private final ClientTerms terms;
        private final byte[] body;
        private final Runnable here;
        private RelayedAnswer answer;
        private boolean again;
        private boolean left;

        Hopping(
                HttpServerRequest request,
                OutcomeRenderer renderer,
                String path,
                String tenant,
                ClientTerms terms,
                byte[] body,
                Runnable here) {
            this.request = request;
            this.renderer = renderer;
            this.path = path;
            this.tenant = tenant;
            this.terms = terms;
            this.body = body;
            this.here = here;
            this.answer = new RelayedAnswer(request, patience, time, this);
        }

        void go(Way.There to) {
            answer.from(peers.send(
                    new Peers.Forwarded(
                            path,
                            request.headers().entries(),
                            body,
                            to.owner(),
                            to.mapVersion(),
                            hopTime(terms, longest)),
                    answer));
        }

        void leave() {
            if (!left) {
                left = true;
                if (answer.leave()) {
                    metrics.forwarded(HopOutcome.CLIENT_LEFT, Optional.empty());
                }
            }
        }

        @Override
        public void relayed(Duration untilHead) {
            metrics.forwarded(HopOutcome.RELAYED, Optional.of(untilHead));
        }

        @Override
        public void failed(HopOutcome why) {
            if (why == HopOutcome.NOT_OWNER && !again) {
                again = true;
                HomeContext.here()
                        .back(ranges.refresh())
                        .subscribe()
                        .with(this::another, failure -> ended(HopOutcome.NOT_OWNER));
                return;
            }
            ended(why);
        }

        @Override
        public void broken(HopOutcome why) {
            metrics.forwarded(why, Optional.empty());
        }

        private void another(RangeMap map) {
            if (left) {
                return;
            }
            switch (way(map, tenant, terms.resend().idempotencyKey())) {
                case Way.There to -> {
                    answer = new RelayedAnswer(request, patience, time, this);
                    go(to);
                }
                case Way.Here now -> here.run();
                case Way.Nowhere nowhere -> ended(HopOutcome.NOT_OWNER);
            }
        }

        private void ended(HopOutcome why) {
            metrics.forwarded(why, Optional.empty());
            tell(problem(why), request, renderer);
        }
    }
}
