package openledger.http.receipt;

import io.smallrye.mutiny.Uni;
import jakarta.ws.rs.core.HttpHeaders;
import jakarta.ws.rs.core.Response;
import java.time.Duration;
import java.util.Optional;
import openledger.commitment.log.LogProof;
import openledger.http.LogAccess;
import openledger.http.header.ReceiptHeader;
import openledger.http.problem.Problem;
import openledger.http.problem.ProblemResponse;
import openledger.http.problem.ProblemType;
import openledger.settlement.log.ServedLog;
import openledger.settlement.receipt.Batches.Located;
import openledger.settlement.witness.WitnessedLog.Proof;
import openledger.settlement.witness.WitnessedLog.Witnessed;
import openledger.unit.Hash32;
import openledger.unit.RequestId;

/** A receipt for verifiers of logs: that a leaf is in the log, signed by the log. It names no chain. */
record LogReceipt(RequestId id, ReceiptForm form, ServedLog log) {
    private static final String ACCEPT = "accept";
    private static final String NO_LOG =
            "This router signs no log, so its receipts are 'application/json' only. The configuration key is 'openledger.log.key-env'.";
    private static final String NO_PROMISE = "A signed promise is part of 'application/json' only.";
    private static final String NOT_YET =
            "The outcome of the request is in no batch yet, so there is nothing to prove: ask again later, or with 'wait=SEQUENCED'. Its record is there as 'application/json'.";
    private static final Duration LONGEST_SIGNING = Duration.ofSeconds(2);

    /** Why there can be no such receipt of that request here, whoever asks. */
    static Optional<Response> objection(RequestId id, ReceiptForm form, ReceiptHeader wish, LogAccess access) {
        if (access.log().isEmpty()) {
            return Optional.of(ProblemResponse.of(Problem.of(ProblemType.NOT_ACCEPTABLE, NO_LOG, ACCEPT)));
        }
        long lane = access.log().get().lane().value();
        if (lane != id.lane()) {
            return Optional.of(ProblemResponse.invalid(
                    ACCEPT,
                    "This router signs the log of lane " + lane + ", and the request is of lane " + id.lane()
                            + ": ask the router of that lane for '" + form.type() + "'."));
        }
        return wish == ReceiptHeader.SIGNED
                ? Optional.of(ProblemResponse.invalid(ReceiptHeader.HEADER, NO_PROMISE))
                : Optional.empty();
    }

    /** The answer, of a request whose outcome is there or not. Completes on any thread. */
    Uni<Response> answer(Optional<Located> outcome) {
        return outcome.isEmpty()
                ? Uni.createFrom().item(notYet())
                : encoded(outcome.get())
                        .ifNoItem()
                        .after(LONGEST_SIGNING)
                        .fail()
                        .onFailure()
                        .transform(ReceiptAssembler::notSigned)
                        .map(entity -> Response.ok(entity, form.type()).build());
    }

    private Uni<Object> encoded(Located leaf) {
        Hash32 root = leaf.batch().header().root();
        return switch (form) {
            case TLOG_PROOF -> witnessed(leaf).map(LogProof::toString);
            case COSE, SCITT ->
                log.signer().statement(id, leaf.leaf(), leaf.proof(), root).map(statement -> statement.encoded());
            case JSON -> throw new IllegalStateException("JSON is not signed by the log");
        };
    }

    /** Up to a checkpoint that witnesses have cosigned, if there is one; else up to the leaf's batch. */
    private Uni<LogProof> witnessed(Located leaf) {
        long index = leaf.proof().index();
        Uni<Optional<Proof>> cosigned = log.witnessed()
                .map(witnessed -> witnessed.covering(index).map(Witnessed::proof))
                .orElseGet(() -> Uni.createFrom().item(Optional.empty()));
        return cosigned.chain(found -> found.map(proof -> Uni.createFrom()
                        .item(new LogProof(index, proof.inclusion().path(), proof.note())))
                .orElseGet(() -> log.signer()
                        .checkpoint(leaf.proof().size(), leaf.batch().header().root())
                        .map(note -> new LogProof(index, leaf.proof().path(), note))));
    }

    private static Response notYet() {
        return Response.fromResponse(ProblemResponse.notFound(NOT_YET))
                .header(HttpHeaders.RETRY_AFTER, "1")
                .build();
    }
}
