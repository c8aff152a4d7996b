package openledger.cli.audit;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import openledger.audit.Difference;
import openledger.audit.Difference.Kind;
import openledger.commitment.HeaderFaults;
import openledger.commitment.SignedHead;
import openledger.commitment.leaf.Breach;
import openledger.unit.Hash32;
import openledger.verifier.ReceiptMembers;
import openledger.verifier.ReceiptReader;
import openledger.verifier.UnreadableReceipt;

/** Signed heads that somebody has kept, to be held against those that the router shows now. Confined to one thread. */
public final class KeptHeads {
    private final List<SignedHead> heads = new ArrayList<>();

    /**
     * Adds that of a receipt, or of a batch as {@code GET /v1/batches/{n}} shows it.
     *
     * @throws UnreadableReceipt if it is neither, or without a signed head
     */
    public void add(byte[] json) throws UnreadableReceipt {
        ReceiptMembers whole = ReceiptReader.members(json);
        ReceiptMembers batch = whole.objectIfThere("batch").orElse(whole);
        try {
            heads.add(ReceiptReader.signedHead(ReceiptReader.header(batch), batch)
                    .orElseThrow(() -> new UnreadableReceipt("", "it has no signed head")));
        } catch (IllegalArgumentException notAValue) {
            throw new UnreadableReceipt("", "its header has an invalid value");
        }
    }

    /**
     * What a head that is shown now proves beside a kept one. Both have to be of one signer: that both were keys of the lane, if they are two,
     * takes the registry to know.
     */
    Optional<Difference> against(SignedHead shown) {
        return heads.stream()
                .flatMap(kept -> HeaderFaults.equivocated(kept, shown, shown.signer()::equals).stream())
                .findFirst()
                .map(breach -> difference(breach, shown));
    }

    private static Difference difference(Breach breach, SignedHead shown) {
        return new Difference(
                Kind.EQUIVOCATED,
                0,
                Hash32.ZERO,
                breach.why() + " Both are signed by " + shown.signer()
                        + ", a key of the lane if signerRetiredAt(lane, key) of the registry is not 0.",
                Optional.of(breach.fault()));
    }
}
