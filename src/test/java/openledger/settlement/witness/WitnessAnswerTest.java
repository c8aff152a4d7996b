package openledger.settlement.witness;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import openledger.commitment.log.Checkpoint;
import openledger.commitment.log.LogHasher;
import openledger.commitment.log.NoteKey;
import openledger.commitment.log.NoteSigner;
import openledger.commitment.log.SignedNote;
import openledger.identity.NoteSecret;
import openledger.settlement.witness.Witnesses.Reply;
import openledger.unit.Hash32;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What counts as a cosignature, and what a witness may answer instead. */
final class WitnessAnswerTest {
    private static final NoteSigner LOG =
            NoteSecret.signer("router.example/1", NoteKey.Kind.NOTE, "00".repeat(NoteSigner.SEED_BYTES));
    private static final Hash32 ROOT = new LogHasher().entry(new byte[1]);
    private static final SignedNote ASKED = note(7);
    private static final NoteSigner WITNESS = ActedWitness.signer(1);
    private static final NoteSigner OTHER = ActedWitness.signer(2);
    /** A stranger with the same name. */
    private static final NoteSigner THIEF =
            NoteSecret.signer(WITNESS.key().name(), NoteKey.Kind.COSIGNATURE, "77".repeat(NoteSigner.SEED_BYTES));

    private static SignedNote note(long size) {
        String text = new Checkpoint(LOG.key().name(), size, ROOT).toString();
        return new SignedNote(text, List.of(LOG.sign(text, 0)));
    }

    private static String line(NoteSigner signer, SignedNote note) {
        return signer.sign(note.text(), ActedWitness.SECONDS) + "\n";
    }

    private static WitnessAnswer read(int status, String type, String body) {
        return WitnessAnswer.read(new Reply.Answered(status, type, body), ASKED, WITNESS.key());
    }

    @Test
    void aLineByItsKeyOfThisCheckpointIsACosignature() {
        String line = line(WITNESS, ASKED);

        assertThat(read(200, "text/plain", line))
                .isInstanceOfSatisfying(
                        WitnessAnswer.Cosigned.class,
                        cosigned -> assertThat(cosigned.signature() + "\n").isEqualTo(line));
    }

    @Test
    void linesByOthersAreLeftOut() {
        assertThat(read(200, "", line(OTHER, ASKED) + line(WITNESS, ASKED) + line(THIEF, ASKED)))
                .isInstanceOfSatisfying(
                        WitnessAnswer.Cosigned.class,
                        cosigned -> assertThat(cosigned.signature() + "\n").isEqualTo(line(WITNESS, ASKED)));
    }

    @Test
    void nothingElseIs() {
        String good = line(WITNESS, ASKED);
        for (String body : List.of(
                "",
                "\n",
                "ok\n",
                good.strip(),
                "\n" + good,
                good + "\n",
                good + "\n" + good,
                line(OTHER, ASKED),
                line(THIEF, ASKED),
                line(WITNESS, note(8)),
                line(WITNESS, note(8)) + good,
                ASKED + good,
                note(8) + line(WITNESS, note(8)),
                good.replace("witness.example/1", "witness.example/2"),
                good + "\u0000",
                line(OTHER, ASKED).repeat(100) + good)) {
            assertThat(read(200, "text/plain", body)).as(body).isInstanceOf(WitnessAnswer.Invalid.class);
        }
    }

    @Test
    void aConflictSaysASize() {
        assertThat(read(409, "text/x.tlog.size", "12\n")).isEqualTo(new WitnessAnswer.Knows(12));
        assertThat(read(409, "text/x.tlog.size; charset=utf-8", "0")).isEqualTo(new WitnessAnswer.Knows(0));
        assertThat(read(409, "text/plain", "12\n")).isEqualTo(new WitnessAnswer.Refused(409));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "-1", "01", "1e3", "99999999999999999999", "12\n\n", "12 ", "twelve"})
    void aSizeThatIsNoneIsInvalid(String body) {
        assertThat(read(409, "text/x.tlog.size", body)).isInstanceOf(WitnessAnswer.Invalid.class);
    }

    @Test
    void otherStatusesAreRefusals() {
        assertThat(read(422, "", "")).isEqualTo(new WitnessAnswer.Inconsistent());
        for (int status : List.of(201, 204, 301, 400, 401, 403, 404, 413, 429, 500, 503)) {
            assertThat(read(status, "text/plain", line(WITNESS, ASKED))).isEqualTo(new WitnessAnswer.Refused(status));
        }
        assertThat(WitnessAnswer.read(new Reply.TooLong(), ASKED, WITNESS.key()))
                .isInstanceOf(WitnessAnswer.Invalid.class);
        assertThat(WitnessAnswer.read(new Reply.Silent("no answer in time"), ASKED, WITNESS.key()))
                .isEqualTo(new WitnessAnswer.Silent("no answer in time"));
    }
}
