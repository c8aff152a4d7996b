package openledger.verifier;

import java.net.URI;
import java.util.function.Function;
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
 * try (ReceiptVerifier verifier = ReceiptVerifier.at(URI.create("https://node.example"))) {
 *     ReceiptVerification found = verifier.verify(receipt, Pins.ofLane(new LaneId(1)), Own.NOTHING);
 * }
 * }</pre>
 *
 * <p>Blocks while it asks the node, a minute at most for each leaf; an interrupt gives it up. Safe for several threads.
 */
public final class ReceiptVerifier implements AutoCloseable {
    private final Function<Receipt, ChainEvidence> node;
    private final Runnable end;

    private ReceiptVerifier(Function<Receipt, ChainEvidence> node, Runnable end) {
        this.node = node;
        this.end = end;
    }

    /**
     * A verifier that asks the node at {@code rpc}; a node that does not answer leaves checks open and is no failure.
     *
     * @throws IllegalArgumentException if that is no address of http or https, or has a user in it
     */
    public static ReceiptVerifier at(URI rpc) {
        RpcNode node = new RpcNode(rpc, new BoundedHttp());
        return new ReceiptVerifier(new EvidenceReader(node)::read, node::close);
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

    /** Lets go of the node. */
    @Override
    public void close() {
        end.run();
    }
}
