package openledger.settlement.witness;

import java.util.Optional;
import openledger.commitment.log.Checkpoint;
import openledger.commitment.log.NoteKey;
import openledger.commitment.log.NoteSignature;
import openledger.commitment.log.SignedNote;
import openledger.settlement.witness.Witnesses.Reply;

/** What a witness has answered, verified (C2SP tlog-witness). */
sealed interface WitnessAnswer {
    /** It has cosigned the checkpoint. */
    record Cosigned(NoteSignature signature) implements WitnessAnswer {}

    /** It has cosigned another size last. */
    record Knows(long size) implements WitnessAnswer {}

    /** By what it knows of the log, the checkpoint does not continue it. */
    record Inconsistent() implements WitnessAnswer {}

    /** It does not want to. */
    record Refused(int status) implements WitnessAnswer {}

    /** No valid cosignature by its key, or no size. */
    record Invalid(String why) implements WitnessAnswer {}

    /** It has not answered. */
    record Silent(String why) implements WitnessAnswer {}

    int OK = 200;
    int CONFLICT = 409;
    int UNPROCESSABLE = 422;
    /** Of a 409 that says a size. */
    String SIZE = "text/x.tlog.size";

    /**
     * Reads a reply, which may be anything.
     *
     * @param asked the checkpoint that was sent
     * @param key of the witness, as it is configured
     */
    static WitnessAnswer read(Reply reply, SignedNote asked, NoteKey key) {
        return switch (reply) {
            case Reply.Silent(var why) -> new Silent(why);
            case Reply.TooLong() -> new Invalid("answered more than an answer has");
            case Reply.Answered answered -> read(answered, asked, key);
        };
    }

    private static WitnessAnswer read(Reply.Answered answered, SignedNote asked, NoteKey key) {
        return switch (answered.status()) {
            case OK -> cosigned(answered.body(), asked, key);
            case CONFLICT -> answered.type().startsWith(SIZE) ? known(answered.body()) : new Refused(answered.status());
            case UNPROCESSABLE -> new Inconsistent();
            default -> new Refused(answered.status());
        };
    }

    private static WitnessAnswer cosigned(String lines, SignedNote asked, NoteKey key) {
        Optional<NoteSignature> signature;
        try {
            SignedNote read = SignedNote.parse(asked.text() + "\n" + lines);
            signature = read.text().equals(asked.text()) ? read.signature(key) : Optional.empty();
        } catch (IllegalArgumentException none) {
            return new Invalid("answered what are no signatures");
        }
        return signature
                .<WitnessAnswer>map(Cosigned::new)
                .orElseGet(() -> new Invalid("gave no signature by its key of the checkpoint that was sent"));
    }

    private static WitnessAnswer known(String body) {
        try {
            return new Knows(Checkpoint.number(body.endsWith("\n") ? body.substring(0, body.length() - 1) : body));
        } catch (IllegalArgumentException none) {
            return new Invalid("answered what is no size");
        }
    }
}
