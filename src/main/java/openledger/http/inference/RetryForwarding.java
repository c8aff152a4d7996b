package openledger.http.inference;

import io.vertx.core.http.HttpServerRequest;
import java.time.Duration;
import java.util.Optional;
import openledger.cluster.HopOutcome;
import openledger.cluster.Peers;
import openledger.cluster.orphan.Orphans;
import openledger.cluster.orphan.Orphans.Elsewhere;
import openledger.commitment.leaf.RequestDigest;
import openledger.http.header.RetryAfterHeader;
import openledger.http.problem.Problem;
import openledger.http.problem.ProblemType;
import openledger.inference.InferenceService;
import openledger.inference.RouterMetrics;
import openledger.inference.Timekeeper;
import openledger.inference.admission.RequestBody;
import openledger.inference.admission.ResendHint;
import openledger.inference.admission.ResendHint.UnlessKnown;
import openledger.routing.Operation;

/**
 * Brings retries without an idempotency key to the router that still has the first try, whose client has left it. There a retry is joined
 * or turned away, and never begun; whatever is turned away, or cannot be sent, is begun here. What was sent and not answered is not: it
 * may have been joined. Thread-safe.
 *
 * @param orphans what the others have
 * @param service what we have
 * @param longest that a request may take, whatever its client allows
 */
record RetryForwarding(
        Orphans orphans,
        InferenceService service,
        Peers peers,
        Duration longest,
        Timekeeper time,
        ReaderPatience patience,
        RouterMetrics metrics) {

    /**
     * A request that may be a retry.
     *
     * @param body whole
     */
    record Retry(
            HttpServerRequest request,
            OutcomeRenderer renderer,
            Operation operation,
            String tenant,
            ClientTerms terms,
            RequestBody body) {}

    /**
     * Forwards a retry if another router has its first try; else, and if it turns out not to, goes on here.
     *
     * @param here run on this event loop; not if the client has left
     */
    void orHere(Retry retry, Runnable here) {
        ResendHint hint = retry.terms.resend();
        if (hint.isKeyed() || hint.retryCount() == 0 || hint.unlessKnown() == UnlessKnown.TURNED_AWAY) {
            here.run();
            return;
        }
        byte[] digest = RequestDigest.withNonce(retry.body.digest(), retry.terms.nonce());
        Elsewhere elsewhere = service.hasOrphan(retry.tenant, retry.operation, digest)
                ? new Elsewhere.Unknown()
                : orphans.find(retry.tenant, retry.operation, digest);
        switch (elsewhere) {
            case Elsewhere.Unknown nobody -> here.run();
            case Elsewhere.Lost gone -> {
                metrics.forwardedRetry(HopOutcome.NOBODY, Optional.empty());
                here.run();
            }
            case Elsewhere.At at -> {
                Hopping hopping = new Hopping(retry, at, here);
                retry.request.response().closeHandler(left -> hopping.leave());
                hopping.go();
            }
        }
    }

    /** One retry at one router. Confined to the event loop of its connection. */
    private final class Hopping implements RelayedAnswer.End {
        private final Retry retry;
        private final Elsewhere.At at;
        private final Runnable here;
        private final RelayedAnswer answer;

        Hopping(Retry retry, Elsewhere.At at, Runnable here) {
            this.retry = retry;
            this.at = at;
            this.here = here;
            this.answer = new RelayedAnswer(retry.request, patience, time, this);
        }

        void go() {
            answer.from(peers.send(
                    new Peers.Forwarded(
                            InferenceRoutes.path(retry.operation),
                            retry.request.headers().entries(),
                            retry.body.received(),
                            at.holder(),
                            at.mapVersion(),
                            Forwarding.hopTime(retry.terms, longest)),
                    answer));
        }

        void leave() {
            if (answer.leave()) {
                metrics.forwardedRetry(HopOutcome.CLIENT_LEFT, Optional.empty());
            }
        }

        @Override
        public void relayed(Duration untilHead) {
            metrics.forwardedRetry(HopOutcome.RELAYED, Optional.of(untilHead));
        }

        @Override
        public void failed(HopOutcome why) {
            metrics.forwardedRetry(why, Optional.empty());
            switch (why) {
                case NOT_OWNER, UNREACHABLE, STRANGER, REFUSED -> {
                    orphans.gone(at.by());
                    // Another router may have one of the same name.
                    orHere(retry, here);
                }
                case LOST, UNPROVED -> lost();
                case RELAYED, NOBODY, CLIENT_LEFT -> throw new IllegalStateException("no hop fails by " + why);
            }
        }

        @Override
        public void broken(HopOutcome why) {
            metrics.forwardedRetry(why, Optional.empty());
        }

        private void lost() {
            RetryAfterHeader.add(retry.request.response().headers(), Forwarding.WHEN_OWNED);
            retry.renderer.render(
                    Problem.of(
                            ProblemType.OWNER_LOST,
                            "The router that works for the first try of this retry was lost before it answered; attempts"
                                    + " that were made may have cost tokens.",
                            ""),
                    retry.request.response());
        }
    }
}
