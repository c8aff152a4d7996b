package openledger.commitment.log;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import openledger.commitment.log.SignedNote.Standing;
import openledger.unit.Hash32;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Notes, checkpoints and proofs. Long because it is the list of all that is refused. */
final class NotesTest {
    /** The example of C2SP signed-note. */
    private static final NoteKey EXAMPLE =
            NoteKey.parse("example.com/foo+530d903a+AekyeRrm56hApGFkyQR4ZCbV54Id2LKaANYcrnKv3U2k");

    private static final String EXAMPLE_NOTE = """
            This is an example message.

            \u2014 example.com/foo Uw2QOkn8srV1yJGh2VYRlL1Tnagv1YEq6TfXppzi2ONncAlTgK7Ztg1ERYNZXsYjOBH3mFXmRKuwHjG1Yu72IneyaQM=
            """;

    private static final NoteSigner LOG = SeededSigner.of("router.example/lane/1", NoteKey.Kind.NOTE, seed(1));
    private static final NoteSigner WITNESS = SeededSigner.of("witness.example/w1", NoteKey.Kind.COSIGNATURE, seed(2));

    private static byte[] seed(int fill) {
        byte[] seed = new byte[NoteSigner.SEED_BYTES];
        Arrays.fill(seed, (byte) fill);
        return seed;
    }

    @Test
    void areReadAsTheStandardWritesThem() {
        SignedNote note = SignedNote.parse(EXAMPLE_NOTE);

        assertThat(note.text()).isEqualTo("This is an example message.\n");
        assertThat(note.standing(EXAMPLE)).isEqualTo(Standing.SIGNED);
        assertThat(note).hasToString(EXAMPLE_NOTE);
    }

    @Test
    void areForgedIfTheTextIsAnother() {
        SignedNote note = SignedNote.parse(EXAMPLE_NOTE.replace("example m", "exemplary m"));

        assertThat(note.standing(EXAMPLE)).isEqualTo(Standing.FORGED);
    }

    @Test
    void areForgedIfOneOfTwoSignaturesOfAKeyIs() {
        SignedNote note = SignedNote.parse(EXAMPLE_NOTE);
        NoteSignature other =
                NoteSignature.parse(note.signatures().getFirst().toString().replace("IneyaQM=", "IneyaQQ="));

        assertThat(note.with(other).standing(EXAMPLE)).isEqualTo(Standing.FORGED);
    }

    @Test
    void sayNothingOfKeysThatTheyDoNotName() {
        assertThat(SignedNote.parse(EXAMPLE_NOTE).standing(LOG.key())).isEqualTo(Standing.ABSENT);
    }

    @Test
    void areSignedByALogAndCosignedByWitnesses() {
        Checkpoint checkpoint =
                new Checkpoint("router.example/lane/1", 70, MemoryLog.of(70).root(70));
        String text = checkpoint.toString();
        SignedNote note = new SignedNote(text, List.of(LOG.sign(text, 0)));
        SignedNote witnessed =
                SignedNote.parse(note.with(WITNESS.sign(text, 1_700_000_000L)).toString());

        assertThat(witnessed.standing(LOG.key())).isEqualTo(Standing.SIGNED);
        assertThat(witnessed.cosignedAt(WITNESS.key())).hasValue(1_700_000_000L);
        assertThat(note.cosignedAt(WITNESS.key())).isEmpty();
        assertThat(Checkpoint.parse(witnessed.text())).isEqualTo(checkpoint);
    }

    @Test
    void areNotCosignedAtAnotherTime() {
        String text = new Checkpoint("a", 0, LogHasher.EMPTY_ROOT).toString();
        NoteSignature at = WITNESS.sign(text, 1_700_000_000L);
        byte[] raw =
                Base64.getDecoder().decode(at.toString().substring(at.toString().lastIndexOf(' ') + 1));
        raw[NoteKey.ID_BYTES + Long.BYTES - 1]++;
        NoteSignature moved = NoteSignature.parse(
                "\u2014 witness.example/w1 " + Base64.getEncoder().encodeToString(raw));

        assertThat(new SignedNote(text, List.of(moved)).standing(WITNESS.key())).isEqualTo(Standing.FORGED);
    }

    @Test
    void tellALogFromAWitnessOfTheSameNameAndKey() {
        NoteSigner other = SeededSigner.of("witness.example/w1", NoteKey.Kind.NOTE, seed(2));
        String text = new Checkpoint("a", 0, LogHasher.EMPTY_ROOT).toString();

        SignedNote note = new SignedNote(text, List.of(other.sign(text, 0)));

        assertThat(note.standing(WITNESS.key())).isEqualTo(Standing.ABSENT);
    }

    @Test
    void haveKeysThatCanBeWrittenDown() {
        for (NoteSigner each : new NoteSigner[] {LOG, WITNESS}) {
            assertThat(NoteKey.parse(each.key().toString())).isEqualTo(each.key());
        }
        // RFC 8032, section 7.1, test 1.
        NoteSigner rfc = SeededSigner.of(
                "rfc",
                NoteKey.Kind.NOTE,
                Hash32.parse("0x9d61b19deffd5a60ba844af492ec2cc44449c5697b326919703bac031cae7f60")
                        .bytes());
        assertThat(rfc.key())
                .isEqualTo(new NoteKey(
                        "rfc",
                        NoteKey.Kind.NOTE,
                        Hash32.parse("0xd75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a")
                                .bytes()));
    }

    /** Small orders, and numbers at or above the prime. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "0000000000000000000000000000000000000000000000000000000000000000",
                "0100000000000000000000000000000000000000000000000000000000000080",
                "ecffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
                "26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc85",
                "c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac037a",
                "edffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
                "eeffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff",
                "ffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff",
                "0200000000000000000000000000000000000000000000000000000000000000",
            })
    void haveNoKeysThatAnybodyCouldSignWith(String hex) {
        byte[] encoded = Hash32.parse("0x" + hex).bytes();

        assertThatThrownBy(() -> new NoteKey("log", NoteKey.Kind.NOTE, encoded))
                .isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void haveNoHalfCharacters() {
        String half = "log\ud800";

        assertThatThrownBy(() -> new SignedNote(half + "\n", List.of())).hasMessageContaining("half a character");
        assertThatThrownBy(() -> new Checkpoint(half, 0, LogHasher.EMPTY_ROOT))
                .hasMessageContaining("half a character");
        assertThatThrownBy(() -> SeededSigner.of(half, NoteKey.Kind.NOTE, seed(1)))
                .hasMessageContaining("half a character");
    }

    @Test
    void areWrittenInOneWay() {
        for (String other : new String[] {EXAMPLE_NOTE.replace("aQM=", "aQM"), EXAMPLE_NOTE.replace("aQM=", "aQN=")}) {
            assertThatThrownBy(() -> SignedNote.parse(other)).isInstanceOf(IllegalArgumentException.class);
        }
    }

    @Test
    void proveNothingOfAnotherLog() {
        MemoryLog log = MemoryLog.of(70);
        String text = new Checkpoint("another.example/log", 70, log.root(70)).toString();
        NoteSigner witness = SeededSigner.of("another.example/log", NoteKey.Kind.COSIGNATURE, seed(2));
        LogProof proof = new LogProof(
                33,
                log.inclusion(33, 70).path(),
                new SignedNote(text, List.of(LOG.sign(text, 0), witness.sign(text, 1))));

        assertThat(proof.verify(log.entryHash(33), LOG.key())).isEmpty();
        assertThat(proof.verify(log.entryHash(33), witness.key())).isEmpty();
        assertThatThrownBy(() -> LogProof.parse("\n=".repeat(1 << 20))).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void areNotSignedWithoutTheRightKey() {
        byte[] other = Hash32.parse("0xd75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a")
                .bytes();

        assertThatThrownBy(() -> new NoteSigner("log", NoteKey.Kind.NOTE, seed(1), other))
                .hasMessageContaining("does not belong");
        assertThatThrownBy(() -> new NoteSigner("log", NoteKey.Kind.NOTE, new byte[31], other))
                .hasMessageContaining("32 bytes: 31");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "example.com/foo",
                "example.com/foo+530d903a",
                "example.com/foo+530d903b+AekyeRrm56hApGFkyQR4ZCbV54Id2LKaANYcrnKv3U2k",
                "example.com/bar+530d903a+AekyeRrm56hApGFkyQR4ZCbV54Id2LKaANYcrnKv3U2k",
                "example.com/foo+530d903a+AukyeRrm56hApGFkyQR4ZCbV54Id2LKaANYcrnKv3U2k",
                "example.com/foo+530d903a+AekyeRrm56hApGFkyQR4ZCbV54Id2LKaANYcrnKv3U0=",
                "example com/foo+530d903a+AekyeRrm56hApGFkyQR4ZCbV54Id2LKaANYcrnKv3U2k",
                "+530d903a+AekyeRrm56hApGFkyQR4ZCbV54Id2LKaANYcrnKv3U2k",
                "example.com/foo+530D903A+AekyeRrm56hApGFkyQR4ZCbV54Id2LKaANYcrnKv3U2k",
            })
    void haveNoKeysButGoodOnes(String text) {
        assertThatThrownBy(() -> NoteKey.parse(text)).isInstanceOf(IllegalArgumentException.class);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "text\n",
                "text\n\n",
                "text\n\n\u2014 name AAAAAAA=",
                "text\n\n- name AAAAAAA=\n",
                "text\n\n\u2014 name AAAAAA==\n",
                "text\n\n\u2014  AAAAAAA=\n",
                "text\n\n\u2014 na+me AAAAAAA=\n",
                "text\n\n\u2014 na\u00a0me AAAAAAA=\n",
                "text\n\n\u2014 name AAAAAAA= more\n",
                "text\n\n\u2014 name AAAA!AA=\n",
                "te\rxt\n\n\u2014 name AAAAAAA=\n",
                "te\u0000xt\n\n\u2014 name AAAAAAA=\n",
                "text\n\n\u2014 name AAAAAAA=\nmore\n",
            })
    void areNothingElse(String note) {
        assertThatThrownBy(() -> SignedNote.parse(note)).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void haveABoundedNumberOfSignatures() {
        String line = "\u2014 name AAAAAAA=\n";

        assertThat(SignedNote.parse("text\n\n" + line.repeat(64)).signatures()).hasSize(64);
        assertThatThrownBy(() -> SignedNote.parse("text\n\n" + line.repeat(65))).hasMessageContaining("64");
        assertThatThrownBy(() -> SignedNote.parse("text\n".repeat(60_000) + "\n" + line))
                .isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void mayHaveBlankLinesInTheirText() {
        SignedNote note = SignedNote.parse("one\n\ntwo\n\n\u2014 name AAAAAAA=\n");

        assertThat(note.text()).isEqualTo("one\n\ntwo\n");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "log\n1\n",
                "log\n1\nCsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2I=",
                "\n1\nCsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2I=\n",
                "log\n01\nCsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2I=\n",
                "log\n-1\nCsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2I=\n",
                "log\n+1\nCsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2I=\n",
                "log\n9223372036854775808\nCsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2I=\n",
                "log\n0\nCsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2I=\n",
                "log\n1\nCsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2I\n",
                "log\n1\nCsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2J=\n",
                "log\n1\nCsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxqw==\n",
                "log\n1\nCsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2I=\nmore\n",
            })
    void thatAreNoCheckpointsAreRefused(String text) {
        assertThatThrownBy(() -> Checkpoint.parse(text)).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void proveAnEntryInOneText() {
        MemoryLog log = MemoryLog.of(70);
        String text = new Checkpoint("router.example/lane/1", 70, log.root(70)).toString();
        LogProof proof = new LogProof(
                33,
                log.inclusion(33, 70).path(),
                new SignedNote(text, List.of(LOG.sign(text, 0), WITNESS.sign(text, 1))));

        LogProof read = LogProof.parse(proof.toString());

        assertThat(read).hasToString(proof.toString());
        assertThat(read.verify(log.entryHash(33), LOG.key())).contains(Checkpoint.parse(text));
        assertThat(read.verify(log.entryHash(34), LOG.key())).isEmpty();
        assertThat(read.verify(log.entryHash(33), EXAMPLE)).isEmpty();
        assertThat(LogProof.parse(proof.toString().replace("index 33", "index 32"))
                        .verify(log.entryHash(33), LOG.key()))
                .isEmpty();
        assertThat(LogProof.parse(proof.toString().replace("\n70\n", "\n71\n")).verify(log.entryHash(33), LOG.key()))
                .isEmpty();
        for (String changed : new String[] {
            proof.toString().replace("@v1", "@v2"),
            proof.toString().replace("index 33", "index 033"),
            proof.toString().replace("index 33", "index -33"),
            proof.toString().replace("index 33", "extra AAAA\nindex 33"),
            proof.toString().replaceFirst("=\n", "\n"),
            proof.toString().replace("index 33\n", "index 33\n\n"),
        }) {
            assertThatThrownBy(() -> LogProof.parse(changed)).isInstanceOf(IllegalArgumentException.class);
        }
    }
}
