package openledger.http.receipt;

import io.smallrye.mutiny.Uni;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpServerRequest;
import java.time.Duration;
import java.util.Optional;
import openledger.commitment.leaf.Leaf;
import openledger.commitment.leaf.LeafEncoding;
import openledger.commitment.leaf.LeafKind;
import openledger.commitment.leaf.RequestCommitment;
import openledger.commitment.log.LogHasher;
import openledger.commitment.verify.PromiseHeader;
import openledger.http.SettlementAccess;
import openledger.http.header.ReceiptHeader;
import openledger.http.problem.Problem;
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
import openledger.inference.RequestFacts;
import openledger.inference.record.PlannedRequest;
import openledger.settlement.cut.LeafMaker;
import openledger.settlement.receipt.ReceiptPorts;
import openledger.unit.Hash32;
import openledger.unit.LaneId;
import org.jboss.logging.Logger;

/** Signs the receipt of an inference request that asks for a signed one. Thread-safe. */
public final class SignedReceiptIssuer {
    public static final CharSequence HEADER = HttpHeaders.createOptimized("openledger-promise");
    /** In place of a promise that could not be signed. */
    public static final String NONE = "none";

    private static final Logger LOG = Logger.getLogger(SignedReceiptIssuer.class);
    private static final CharSequence WISH = HttpHeaders.createOptimized(ReceiptHeader.HEADER);
    /** An answer that has been paid for waits no longer for its signature. */
    private static final Duration LONGEST = Duration.ofSeconds(2);

    private final SettlementAccess access;

    public SignedReceiptIssuer(SettlementAccess access) {
        this.access = access;
    }

    /** Whether a request asks for a signature. */
    public static boolean isAsked(HttpServerRequest request) {
        return request.headers().contains(WISH);
    }

    /** Why what a request asks for cannot be given, whatever becomes of it. */
    public Optional<Problem> objectionTo(HttpServerRequest request) {
        Optional<ReceiptHeader> wish = ReceiptHeader.of(request.getHeader(WISH));
        if (wish.isEmpty()) {
            return Optional.of(ReceiptHeader.unknown());
        }
        if (wish.get() != ReceiptHeader.SIGNED) {
            return Optional.empty();
        }
        return access.ports()
                .map(ports -> ports.promises().isShort()
                        ? Optional.of(ReceiptHeader.lacksStake())
                        : Optional.<Problem>empty())
                .orElseGet(() -> Optional.of(ReceiptHeader.off()));
    }

    /**
     * The value of {@code openledger-promise} for an outcome; empty if there is no durable record of it to sign for. Never
     * fails, completes on any thread.
     */
    public Uni<Optional<String>> header(InferenceOutcome outcome) {
        Optional<RequestFacts> recorded = recorded(outcome);
        if (recorded.isEmpty() || access.ports().isEmpty()) {
            return Uni.createFrom().item(Optional.empty());
        }
        return bounded(sign(recorded.get(), access.ports().get())).map(Optional::of);
    }

    /**
     * The value of {@code openledger-promise} for a plan whose record is durable: that its very leaf will be on chain. Never
     * fails, completes on any thread.
     */
    public Uni<String> ofPlan(PlannedRequest plan) {
        ReceiptPorts ports = access.ports().orElseThrow();
        return bounded(ports.secrets()
                .of(new LaneId(plan.id().lane()))
                .map(Optional::orElseThrow)
                .chain(secret -> {
                    Leaf leaf = new LeafMaker(secret).plan(plan);
                    Hash32 hash = new LogHasher().entry(LeafEncoding.encode(leaf));
                    return ports.promises()
                            .promise(leaf.request(), LeafKind.PLAN, Optional.of(hash))
                            .map(promise -> PromiseHeader.text(promise, plan.id(), secret.salt(plan.id())));
                }));
    }

    private static Uni<String> bounded(Uni<String> signature) {
        return signature
                .ifNoItem()
                .after(LONGEST)
                .fail()
                // Whatever the cause is: the answer goes out, and says that it has no signature.
                .onFailure()
                .recoverWithItem(cause -> {
                    LOG.warnf(
                            "a receipt is not signed, reason=%s",
                            cause.getClass().getName());
                    return NONE;
                });
    }

    /** Facts of a request whose record is durable. */
    private static Optional<RequestFacts> recorded(InferenceOutcome outcome) {
        return switch (outcome) {
            case Served(var facts, var answer) -> Optional.of(facts);
            case Rejected(var facts, var rejection, var status) -> Optional.of(facts);
            case BudgetExhausted(var facts, var retryAfter) -> Optional.of(facts);
            case AnswerNotKept(var facts) -> Optional.of(facts);
            case NotConfirmed(var facts, var retryAfter) -> Optional.of(facts);
            // Whether its record is durable is not known.
            case DeadlinePassed none -> Optional.empty();
            case NotRecorded none -> Optional.empty();
            case NoRoomToHold none -> Optional.empty();
            case LevelLags none -> Optional.empty();
            case Untranslatable none -> Optional.empty();
            case OriginUnknown none -> Optional.empty();
            case OriginElsewhere none -> Optional.empty();
            case OriginsUnavailable none -> Optional.empty();
            case NotAccepted none -> Optional.empty();
            case JournalNotOpen none -> Optional.empty();
            case LaneLost none -> Optional.empty();
            case OwnedElsewhere none -> Optional.empty();
            case KeyReused none -> Optional.empty();
            case AnsweredBefore none -> Optional.empty();
        };
    }

    private static Uni<String> sign(RequestFacts facts, ReceiptPorts ports) {
        return ports.secrets()
                .of(new LaneId(facts.id().lane()))
                .map(Optional::orElseThrow)
                .map(secret -> secret.salt(facts.id()))
                .chain(salt -> ports.promises()
                        .promise(
                                RequestCommitment.of(facts.id(), facts.digest(), salt),
                                LeafKind.OUTCOME,
                                Optional.empty())
                        .map(promise -> PromiseHeader.text(promise, facts.id(), salt)));
    }
}
