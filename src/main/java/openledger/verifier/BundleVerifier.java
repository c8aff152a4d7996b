package openledger.verifier;

import java.util.Optional;
import java.util.function.LongFunction;
import openledger.commitment.evm.SignatureRecovery;
import openledger.commitment.verify.ChainEvidence;
import openledger.commitment.verify.NodeTestimony;
import openledger.commitment.verify.NodeTestimony.Said;
import openledger.commitment.verify.NodeTestimony.Silent;
import openledger.commitment.verify.Receipt;
import openledger.commitment.verify.ReceiptVerification;
import openledger.commitment.verify.ReceiptVerification.Own;
import openledger.commitment.verify.ReceiptVerification.Pins;
import openledger.commitment.verify.StateEvidence;
import openledger.unit.Address;
import openledger.unit.Hash32;

/** Verifies bundles with nothing but the hash of a block. Thread-safe if what knows the hash is. */
public final class BundleVerifier {
    private final LongFunction<NodeTestimony<Optional<Hash32>>> chain;

    /** @param chain hash of the chain's block of a number, empty if there is none yet; from a source that the verifier trusts */
    public BundleVerifier(LongFunction<NodeTestimony<Optional<Hash32>>> chain) {
        this.chain = chain;
    }

    /** For bundles of one block, whose hash the verifier knows. */
    public static BundleVerifier of(Hash32 block) {
        return new BundleVerifier(number -> new Said<>(Optional.of(block)));
    }

    /** Without a source: nothing about the chain is checked, {@code why} in words for a person. */
    public static BundleVerifier without(String why) {
        return new BundleVerifier(number -> new Silent<>(why));
    }

    /**
     * Checks a bundle's receipt against what the bundle proves.
     *
     * @param pins what it must be of; without a registry the one that ships with this program, without a lane it stays open
     * @param own what its owner has kept
     */
    public ReceiptVerification verify(ReceiptBundle bundle, Pins pins, Own own) {
        NodeTestimony<Optional<Hash32>> canonical =
                chain.apply(bundle.proof().block().number());
        Receipt receipt = bundle.receipt();
        ChainEvidence ofPlan = receipt.ofPlan()
                .map(plan -> evidence(plan, bundle, canonical))
                .orElseGet(() -> ChainEvidence.none("the receipt has no plan."));
        return ReceiptVerification.of(receipt, evidence(receipt, bundle, canonical), ofPlan, pins, own);
    }

    private static ChainEvidence evidence(
            Receipt receipt, ReceiptBundle bundle, NodeTestimony<Optional<Hash32>> canonical) {
        NodeTestimony<Optional<Address>> signer = receipt.promised()
                .<NodeTestimony<Optional<Address>>>map(
                        promised -> new Said<>(SignatureRecovery.signer(promised.digest(), promised.signature())))
                .orElseGet(() -> new Silent<>("the receipt has no promise"));
        return StateEvidence.of(receipt, bundle.proof(), canonical, signer);
    }
}
