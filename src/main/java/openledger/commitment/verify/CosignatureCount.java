package openledger.commitment.verify;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import openledger.commitment.log.NoteKey;
import openledger.commitment.log.SignedNote;
import openledger.commitment.verify.ReceiptVerification.Finding;
import openledger.commitment.verify.ReceiptVerification.Finding.Failed;
import openledger.commitment.verify.ReceiptVerification.Finding.Passed;
import openledger.commitment.verify.ReceiptVerification.Finding.Unchecked;

/**
 * Counts the cosignatures of a checkpoint by the witnesses that the verifier names (C2SP tlog-cosignature). A cosignature is of the
 * checkpoint's origin, size and root, and of a time by the witness's own clock.
 */
final class CosignatureCount {
    /** The end of the year 9999, Unix seconds: a later time is no date for everybody. */
    private static final long LAST_DATE = 253_402_300_799L;

    private CosignatureCount() {}

    /** Passed if there are enough, unchecked if not: there can be more later. A false one refutes all. */
    static Finding of(SignedNote note, LogPins pins) {
        List<String> by = new ArrayList<>();
        for (NoteKey witness : pins.witnesses()) {
            switch (note.standing(witness)) {
                case SIGNED ->
                    by.add(witness.name() + " at "
                            + time(note.cosignedAt(witness).orElseThrow()));
                case ABSENT -> {}
                case FORGED -> {
                    return new Failed("The cosignature of " + witness.name()
                            + " is not by the given key: one of them is changed, or the checkpoint is.");
                }
            }
        }
        String found = "The checkpoint has cosignatures of " + by.size() + " of "
                + pins.witnesses().size() + " named witnesses" + (by.isEmpty() ? "" : ": " + String.join(", ", by))
                + ".";
        return by.size() >= pins.quorum()
                ? new Passed(found)
                : new Unchecked(
                        found + " The quorum is " + pins.quorum() + ". If the receipt is young, get it again later.");
    }

    private static String time(long seconds) {
        return seconds > LAST_DATE
                ? "Unix second " + seconds
                : Instant.ofEpochSecond(seconds).toString();
    }
}
