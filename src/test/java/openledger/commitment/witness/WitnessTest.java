package openledger.commitment.witness;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import openledger.commitment.log.Checkpoint;
import openledger.commitment.log.MemoryLog;
import openledger.commitment.log.NoteKey;
import openledger.commitment.log.NoteSigner;
import openledger.commitment.log.SeededSigner;
import openledger.commitment.log.SignedNote;
import openledger.commitment.witness.Witness.Answer;
import openledger.unit.Hash32;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class WitnessTest {
    private static final String ORIGIN = "router.example/openledger/lane/1";
    private static final long NOW = 1_795_600_000L;

    private final NoteSigner log = SeededSigner.of(ORIGIN, NoteKey.Kind.NOTE, seed(1));
    private final NoteSigner signer = SeededSigner.of("witness.example/w1", NoteKey.Kind.COSIGNATURE, seed(2));
    private final Kept kept = new Kept();
    private final Witness witness = new Witness(signer, Map.of(ORIGIN, log.key()), kept);
    private final MemoryLog entries = MemoryLog.of(300);

    private static byte[] seed(int value) {
        byte[] seed = new byte[NoteSigner.SEED_BYTES];
        seed[0] = (byte) value;
        return seed;
    }

    private static final class Kept implements Witness.Memory {
        final Map<String, SignedNote> newest = new HashMap<>();
        final List<SignedNote> evidence = new ArrayList<>();

        @Override
        public Optional<SignedNote> newest(String origin) {
            return Optional.ofNullable(newest.get(origin));
        }

        @Override
        public void keep(String origin, SignedNote checkpoint) {
            newest.put(origin, checkpoint);
        }

        @Override
        public void splitView(String origin, SignedNote one, SignedNote other) {
            evidence.add(one);
            evidence.add(other);
        }
    }

    private SignedNote checkpoint(long size, Hash32 root) {
        String text = new Checkpoint(ORIGIN, size, root).toString();
        return new SignedNote(text, List.of(log.sign(text, 0)));
    }

    private SignedNote checkpoint(int size) {
        return checkpoint(size, entries.root(size));
    }

    private Answer ask(long old, int size) {
        List<Hash32> proof = old <= size ? entries.consistency(old, size).path() : List.of();
        return witness.answer(new AddCheckpoint(old, proof, checkpoint(size)), NOW);
    }

    @Test
    void cosignsWhatContinuesTheLogAndNothingElse() {
        long old = 0;
        for (int size : List.of(1, 2, 3, 8, 8, 100, 255, 256, 257, 300)) {
            assertThat(ask(old, size)).isInstanceOfSatisfying(Answer.Cosigned.class, cosigned -> {
                SignedNote note = checkpoint(size).with(cosigned.signature());
                assertThat(note.cosignedAt(signer.key())).hasValue(NOW);
            });
            old = size;
        }
        assertThat(ask(256, 300)).isEqualTo(new Answer.Conflict(300));
        assertThat(ask(0, 1)).isEqualTo(new Answer.Conflict(300));
        assertThat(ask(300, 200)).isEqualTo(new Answer.Backwards(300, 200));
        assertThat(kept.evidence).isEmpty();
    }

    @Test
    void aForkedLogIsRefusedAndItsTwoCheckpointsAreKept() {
        ask(0, 200);
        MemoryLog forked = MemoryLog.of(150);
        for (int i = 150; i < 260; i++) {
            forked.append(("other " + i).getBytes(java.nio.charset.StandardCharsets.UTF_8));
        }

        SignedNote sameSize = checkpoint(200, forked.root(200));
        assertThat(witness.answer(new AddCheckpoint(200, List.of(), sameSize), NOW))
                .isEqualTo(new Answer.Conflict(200));
        assertThat(kept.evidence)
                .extracting(SignedNote::toString)
                .containsExactly(checkpoint(200).toString(), sameSize.toString());
        AddCheckpoint longer =
                new AddCheckpoint(200, forked.consistency(200, 260).path(), checkpoint(260, forked.root(260)));
        assertThat(witness.answer(longer, NOW)).isInstanceOf(Answer.Inconsistent.class);
        assertThat(ask(200, 300)).isInstanceOf(Answer.Cosigned.class);
    }

    @Test
    void onlyKnownLogsAndTheirOwnSignaturesCount() {
        NoteSigner stranger = SeededSigner.of(ORIGIN, NoteKey.Kind.NOTE, seed(9));
        String text = new Checkpoint(ORIGIN, 5, entries.root(5)).toString();
        String other = new Checkpoint("other.example/log", 5, entries.root(5)).toString();

        assertThat(witness.answer(
                        new AddCheckpoint(0, List.of(), new SignedNote(text, List.of(stranger.sign(text, 0)))), NOW))
                .isInstanceOf(Answer.NotSigned.class);
        assertThat(witness.answer(
                        new AddCheckpoint(0, List.of(), new SignedNote(other, List.of(log.sign(other, 0)))), NOW))
                .isEqualTo(new Answer.UnknownLog("other.example/log"));
        assertThat(witness.answer(
                        new AddCheckpoint(
                                0,
                                List.of(),
                                new SignedNote("no checkpoint\n", List.of(log.sign("no checkpoint\n", 0)))),
                        NOW))
                .isInstanceOf(Answer.NotSigned.class);
        assertThat(kept.newest).isEmpty();
    }

    @Test
    void aRequestIsWrittenInOneWay() {
        AddCheckpoint request =
                new AddCheckpoint(100, entries.consistency(100, 300).path(), checkpoint(300));

        AddCheckpoint read = AddCheckpoint.parse(request.toString());

        assertThat(read.toString()).isEqualTo(request.toString());
        assertThat(read.proof()).isEqualTo(request.proof());
        assertThat(read.old()).isEqualTo(100);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "old 1\n",
                "old -1\n\nx\n1\n\n",
                "old 01\n\n",
                "new 1\n\nx",
                "old 1\nAA==\n\nx",
                "old 1\nzz\n\nx"
            })
    void whatIsNoRequestIsRefused(String body) {
        assertThatThrownBy(() -> AddCheckpoint.parse(body)).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void keysAreOfTheirKind() {
        assertThatThrownBy(() -> new Witness(log, Map.of(), kept)).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> new Witness(signer, Map.of("x", signer.key()), kept))
                .isInstanceOf(IllegalArgumentException.class);
    }
}
