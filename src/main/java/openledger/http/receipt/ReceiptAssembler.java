package openledger.http.receipt;

import io.smallrye.mutiny.Uni;
import jakarta.ws.rs.core.Response;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.function.UnaryOperator;
import openledger.commitment.SignedHead;
import openledger.commitment.SignedPromise;
import openledger.commitment.leaf.LaneSecret;
import openledger.commitment.leaf.LeafEncoding;
import openledger.commitment.leaf.LeafKind;
import openledger.commitment.leaf.RequestCommitment;
import openledger.commitment.log.LogHasher;
import openledger.http.HomeContext;
import openledger.http.header.ReceiptHeader;
import openledger.http.problem.Problem;
import openledger.http.problem.ProblemType;
import openledger.http.problem.Refusal;
import openledger.inference.Catalog;
import openledger.inference.Catalog.LaneNumber;
import openledger.inference.Catalog.Names;
import openledger.inference.record.Decisions.Found;
import openledger.settlement.cut.LeafMaker;
import openledger.settlement.receipt.Batches.Leaves;
import openledger.settlement.receipt.Batches.Located;
import openledger.settlement.receipt.ReceiptPorts;
import openledger.settlement.witness.WitnessedLog;
import openledger.settlement.witness.WitnessedLog.Witnessed;
import openledger.unit.LaneId;
import openledger.unit.RequestId;
import openledger.unit.RequestKey;
import org.jboss.logging.Logger;

/** Collects the parts of one request's receipt. */
final class ReceiptAssembler {
    private static final Logger LOG = Logger.getLogger(ReceiptAssembler.class);
    private static final Duration LONGEST_SIGNING = Duration.ofSeconds(2);

    private final RequestId id;
    private final ReceiptPorts ports;
    private final Catalog catalog;
    private final Optional<WitnessedLog> witnesses;
    private final StakeMember stake;
    private final HomeContext home = HomeContext.here();

    /**
     * Of one request.
     *
     * @param witnesses of the log of the request's lane; empty if there are none that we know
     * @param stake of the request's lane
     */
    ReceiptAssembler(
            RequestId id, ReceiptPorts ports, Catalog catalog, Optional<WitnessedLog> witnesses, StakeMember stake) {
        this.id = id;
        this.ports = ports;
        this.catalog = catalog;
        this.witnesses = witnesses;
        this.stake = stake;
    }

    /**
     * Waits for the level that is asked for; true if there was anything to wait for.
     *
     * @param aside how the wait itself is spent
     */
    Uni<Boolean> reach(ReceiptQuery query, UnaryOperator<Uni<Void>> aside) {
        if (query.level().isEmpty()) {
            return Uni.createFrom().item(false);
        }
        var level = query.level().get();
        return locate().chain(located -> {
            boolean reached = located.outcome()
                    .filter(there -> there.batch().level().reaches(level))
                    .isPresent();
            return reached
                    ? Uni.createFrom().item(false)
                    : home.back(aside.apply(ports.levels().await(id, level, query.longest())))
                            .replaceWith(true);
        });
    }

    /** The receipt as it is now. */
    Uni<ReceiptJson> receipt(Found found, ReceiptHeader wish) {
        return home.back(ports.secrets().of(new LaneId(id.lane())))
                .chain(secret -> locate().chain(located -> home.back(catalog.names(LaneNumber.of(List.of(found))))
                        .chain(names -> receipt(found, names, wish, secret, located))));
    }

    /** The receipt as it is now, in a form that the log signs. */
    Uni<Response> receipt(LogReceipt form) {
        return locate().chain(located -> home.back(form.answer(located.outcome())));
    }

    private Uni<Leaves> locate() {
        return home.back(ports.batches().locate(id));
    }

    private Uni<ReceiptJson> receipt(
            Found found, Names names, ReceiptHeader wish, Optional<LaneSecret> secret, Leaves located) {
        ReceiptJson receipt = ReceiptJson.of(found, names).located(located);
        secret.ifPresent(known -> receipt.commitment(found, known));
        Uni<ReceiptJson> whole = witnessed(located.outcome())
                .chain(outcome -> witnessed(located.plan()).map(plan -> receipt.witnessed(outcome, plan)))
                .chain(() -> head(located.outcome()))
                .chain(outcome -> head(located.plan()).map(plan -> receipt.signed(outcome, plan)))
                .chain(() -> home.back(stake.of(located.outcome())))
                .chain(outcome ->
                        home.back(stake.of(located.plan())).map(plan -> receipt.staked(stake, outcome, plan)));
        return switch (wish) {
            case PLAIN -> whole;
            case SIGNED ->
                whole.chain(() -> promise(found, secret, located.outcome()))
                        .map(promise -> promise.map(receipt::promise).orElse(receipt));
        };
    }

    /** Empty of a leaf that is in no batch, and where there are no witnesses. */
    private Uni<Optional<Witnessed>> witnessed(Optional<Located> leaf) {
        return witnesses.isEmpty() || leaf.isEmpty()
                ? Uni.createFrom().item(Optional.empty())
                : home.back(witnesses.get().covering(leaf.get().proof().index()))
                        .map(Optional::of);
    }

    /** Empty of a leaf that is in no batch, and where it cannot be signed. */
    private Uni<Optional<SignedHead>> head(Optional<Located> leaf) {
        return leaf.map(located -> home.back(ports.heads().of(located.batch())))
                .orElseGet(() -> Uni.createFrom().item(Optional.empty()));
    }

    /** Of a request that has not ended, or whose lane's secret is not here, there is nothing to sign. */
    private Uni<Optional<SignedPromise>> promise(Found found, Optional<LaneSecret> secret, Optional<Located> located) {
        if (secret.isEmpty() || !(found instanceof Found.Finished(var decision))) {
            return Uni.createFrom().item(Optional.empty());
        }
        LeafMaker maker = new LeafMaker(secret.get());
        byte[] leaf = located.map(Located::leaf).orElseGet(() -> LeafEncoding.encode(maker.outcome(decision)));
        RequestKey request = RequestCommitment.of(
                id, decision.intent().bodyDigest(), secret.get().salt(id));
        return ports.promises()
                .promise(request, LeafKind.OUTCOME, Optional.of(new LogHasher().entry(leaf)))
                .ifNoItem()
                .after(LONGEST_SIGNING)
                .fail()
                .onFailure()
                .transform(ReceiptAssembler::notSigned)
                .map(Optional::of);
    }

    static NotSigned notSigned(Throwable cause) {
        LOG.warnf("a receipt is not signed, reason=%s", cause.getClass().getName());
        return new NotSigned();
    }

    /** The signature could not be made. */
    static final class NotSigned extends RuntimeException {
        NotSigned() {
            super("not signed", null, false, false);
        }
    }

    /** What somebody is answered who asked for a signature that cannot be made now. */
    static Refusal notSigned() {
        String detail =
                "The receipt cannot be signed at the moment; request it without the header 'openledger-receipt'.";
        return new Refusal(Problem.of(ProblemType.OVERLOADED, detail, ""), Optional.of(Duration.ofSeconds(1)));
    }
}
