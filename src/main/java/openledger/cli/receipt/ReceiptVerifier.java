package openledger.cli.receipt;

import io.smallrye.mutiny.Uni;
import io.vertx.core.Vertx;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.function.Function;
import openledger.chain.registry.ChainEvidenceReader;
import openledger.cli.NodeCall;
import openledger.commitment.verify.ChainEvidence;
import openledger.commitment.verify.Receipt;
import openledger.commitment.verify.ReceiptVerification;
import openledger.commitment.verify.ReceiptVerification.Own;
import openledger.commitment.verify.ReceiptVerification.Pins;

/**
 * Verifies receipts with nothing but a node: what {@code openledger verify} does, for programs.
 *
 * <pre>{@code
 * Receipt receipt = ReceiptReader.read(Files.readAllBytes(Path.of("receipt.json")));
 * ReceiptVerification verification = ReceiptVerifier.at(URI.create("https://node.example"))
 *         .verify(receipt, Pins.ofLane(new LaneId(1)), Own.NOTHING);
 * }</pre>
 *
 * <p>Blocks while it asks the node, so not for an event loop. Safe for several threads.
 */
public final class ReceiptVerifier implements AutoCloseable {
    private static final Duration LONGEST = Duration.ofMinutes(1);

    private final Function<Receipt, ChainEvidence> node;

    private final Runnable end;

    private ReceiptVerifier(Function<Receipt, ChainEvidence> node, Runnable end) {
        this.node = node;
        this.end = end;
    }

    /** A verifier that asks the node at {@code rpc}; a node that does not answer leaves checks open and is no failure. */
    public static ReceiptVerifier at(URI rpc) {
        return new ReceiptVerifier(receipt -> NodeCall.wait(vertx -> read(vertx, rpc, receipt), LONGEST), () -> {});
    }

    /** Like {@link #at}, for many receipts: connections and threads are kept until {@link #close}. */
    public static ReceiptVerifier connected(URI rpc) {
        // The first use of a stage sets up what carries contexts along, and fails in all but one of several threads.
        Uni.createFrom()
                .completionStage(CompletableFuture.completedFuture(rpc))
                .await()
                .indefinitely();
        Vertx vertx = NodeCall.loop();
        ChainEvidenceReader reader = new ChainEvidenceReader(vertx, NodeCall.settings(List.of(rpc)));
        return new ReceiptVerifier(
                receipt -> reader.read(receipt)
                        .ifNoItem()
                        .after(LONGEST)
                        .recoverWithItem(() -> ChainEvidence.none("the node took too long."))
                        .await()
                        .indefinitely(),
                () -> {
                    reader.close();
                    NodeCall.end(vertx);
                });
    }

    private static Uni<ChainEvidence> read(Vertx vertx, URI rpc, Receipt receipt) {
        ChainEvidenceReader reader = new ChainEvidenceReader(vertx, NodeCall.settings(List.of(rpc)));
        return reader.read(receipt).eventually(reader::close);
    }

    /** A verifier that is told what a node says. */
    public static ReceiptVerifier of(Function<Receipt, ChainEvidence> node) {
        return new ReceiptVerifier(node, () -> {});
    }

    /**
     * Holds a receipt against the chain.
     *
     * @param pins what it must be of; without a registry the one that ships with this program, without a lane it stays open
     * @param own what its owner has kept
     */
    public ReceiptVerification verify(Receipt receipt, Pins pins, Own own) {
        ChainEvidence ofPlan =
                receipt.ofPlan().map(node).orElseGet(() -> ChainEvidence.none("the receipt has no plan."));
        return ReceiptVerification.of(receipt, node.apply(receipt), ofPlan, pins, own);
    }

    /** Lets go of the node; one of {@link #at} has nothing to let go of. */
    @Override
    public void close() {
        end.run();
    }
}
