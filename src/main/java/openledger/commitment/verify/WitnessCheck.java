package openledger.commitment.verify;

import java.util.Optional;
import openledger.commitment.log.Checkpoint;
import openledger.commitment.log.InclusionPath;
import openledger.commitment.log.LogHasher;
import openledger.commitment.log.SignedNote;
import openledger.commitment.verify.Receipt.Witnessed;
import openledger.commitment.verify.ReceiptVerification.Finding;
import openledger.commitment.verify.ReceiptVerification.Finding.Failed;
import openledger.commitment.verify.ReceiptVerification.Finding.Passed;
import openledger.commitment.verify.ReceiptVerification.Finding.Unchecked;

/**
 * Checks that enough of the named witnesses have cosigned a log with the receipt's leaf. What the receipt says of a quorum is the router's
 * word and decides nothing. Without the key of the log it stays open which log it was: witnesses cosign those of others too.
 */
final class WitnessCheck {
    private static final Finding NONE = new Unchecked(
            "The receipt has no checkpoint that a witness can have cosigned. If it is young, get it again later.");
    private static final Finding UNREADABLE =
            new Unchecked("The checkpoint of the receipt cannot be read: it is no signed note of a log.");

    private WitnessCheck() {}

    static Finding of(Receipt receipt, LogPins pins) {
        return receipt.witnessed()
                .map(witnessed -> of(receipt, witnessed, pins))
                .orElse(NONE);
    }

    private static Finding of(Receipt receipt, Witnessed witnessed, LogPins pins) {
        SignedNote note;
        Checkpoint checkpoint;
        try {
            note = SignedNote.parse(witnessed.checkpoint());
            checkpoint = Checkpoint.parse(note.text());
        } catch (IllegalArgumentException none) {
            return UNREADABLE;
        }
        Finding cosigned = CosignatureCount.of(note, pins);
        if (cosigned instanceof Failed) {
            return cosigned;
        }
        Optional<Finding> wrong = pins.key()
                .map(key -> LogVerification.signed(note, checkpoint, key))
                .filter(Failed.class::isInstance)
                .or(() -> misplaced(receipt, witnessed, checkpoint));
        if (wrong.isPresent()) {
            return wrong.get();
        }
        if (!(cosigned instanceof Passed(var found))) {
            return cosigned;
        }
        String leads = found + " Leaf " + receipt.proof().index() + " of " + checkpoint.size() + " leads to its root.";
        return pins.key().isPresent()
                ? new Passed(leads + " The given key of the log has signed it.")
                : new Unchecked(leads + " Which log it is of is not known: it calls itself "
                        + ReceiptContent.shown(checkpoint.origin()) + ". Name the key of the log.");
    }

    private static Optional<Finding> misplaced(Receipt receipt, Witnessed witnessed, Checkpoint checkpoint) {
        long size = receipt.header().size();
        if (checkpoint.size() < size) {
            return Optional.of(new Failed("The checkpoint is of a log of " + checkpoint.size()
                    + " leaves, but the header says " + size + "."));
        }
        if (checkpoint.size() == size
                && !checkpoint.root().equals(receipt.header().root())) {
            return Optional.of(new Failed("Checkpoint and header have different roots for a log of " + size
                    + " leaves: one of them is changed, or of another log."));
        }
        boolean leads = new InclusionPath(receipt.proof().index(), checkpoint.size(), witnessed.inclusion())
                .root(new LogHasher().entry(receipt.leaf()))
                .equals(Optional.of(checkpoint.root()));
        return leads ? Optional.empty() : Optional.of(LogVerification.NOT_INCLUDED);
    }
}
