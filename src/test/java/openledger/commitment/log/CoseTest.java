package openledger.commitment.log;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Collections;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

final class CoseTest {
    private static final String ORIGIN = "router.example/openledger/lane/1";
    private static final int SIZE = 70;
    private static final int INDEX = 33;

    private final NoteSigner log = SeededSigner.of(ORIGIN, NoteKey.Kind.NOTE, new byte[NoteSigner.SEED_BYTES]);
    private final MemoryLog entries = MemoryLog.of(SIZE);
    private final CoseReceipt receipt = CoseReceipt.issue(
            ORIGIN, "a request", 1_790_000_000L, entries.inclusion(INDEX, SIZE), entries.root(SIZE), log);
    private final CoseStatement statement = CoseStatement.sign(
                    ORIGIN, "a request", "text/plain", "entry 33".getBytes(StandardCharsets.UTF_8), log)
            .with(List.of(receipt));

    @Test
    void receiptsAreReadAsTheyWereWritten() {
        CoseReceipt read = CoseReceipt.parse(receipt.encoded());

        assertThat(read).isEqualTo(receipt);
        assertThat(read.verify(entries.entryHash(INDEX), log.key())).contains(entries.root(SIZE));
        assertThat(read.verify(entries.entryHash(INDEX + 1), log.key())).isEmpty();
    }

    @Test
    void statementsAreReadAsTheyWereWritten() {
        CoseStatement read = CoseStatement.parse(statement.encoded());

        assertThat(read.encoded()).isEqualTo(statement.encoded());
        assertThat(read.isBy(log.key())).isTrue();
        assertThat(read.receipts()).containsExactly(receipt);
        assertThat(read.subject()).isEqualTo("a request");
    }

    /** But for the size, which the signature does not cover: some sizes share a path. */
    @Test
    void noBitOfAReceiptCanBeAnother() {
        byte[] good = receipt.encoded();
        InclusionPath path = receipt.inclusion();
        for (int bit = 0; bit < good.length * Byte.SIZE; bit++) {
            byte[] bad = good.clone();
            bad[bit / Byte.SIZE] ^= (byte) (1 << bit % Byte.SIZE);
            Optional<CoseReceipt> accepted = accepted(bad);
            assertThat(accepted.map(CoseReceipt::signature))
                    .as("bit %d", bit)
                    .isIn(Optional.empty(), Optional.of(receipt.signature()));
            accepted.ifPresent(other -> assertThat(other.inclusion())
                    .isEqualTo(new InclusionPath(path.index(), other.inclusion().size(), path.path())));
            accepted.ifPresent(other -> assertThat(other.inclusion().size()).isNotEqualTo(SIZE));
        }
    }

    private Optional<CoseReceipt> accepted(byte[] text) {
        try {
            return Optional.of(CoseReceipt.parse(text))
                    .filter(read ->
                            read.verify(entries.entryHash(INDEX), log.key()).isPresent());
        } catch (IllegalArgumentException refused) {
            return Optional.empty();
        }
    }

    @Test
    void nothingOfThemMayBeMissingOrBehindThem() {
        for (byte[] good : List.of(receipt.encoded(), statement.encoded())) {
            for (int length = 0; length < good.length; length++) {
                byte[] cut = Arrays.copyOf(good, length);
                assertThatThrownBy(() -> CoseReceipt.parse(cut)).isInstanceOf(IllegalArgumentException.class);
                assertThatThrownBy(() -> CoseStatement.parse(cut)).isInstanceOf(IllegalArgumentException.class);
            }
        }
        byte[] more = Arrays.copyOf(receipt.encoded(), receipt.encoded().length + 1);
        assertThatThrownBy(() -> CoseReceipt.parse(more)).hasMessageContaining("the end");
    }

    @Test
    void receiptsOfAnotherIssuerOrKeyProveNothing() {
        CoseReceipt other =
                CoseReceipt.issue("somebody else", "a request", 0, receipt.inclusion(), entries.root(SIZE), log);
        NoteSigner witness = SeededSigner.of(ORIGIN, NoteKey.Kind.COSIGNATURE, new byte[NoteSigner.SEED_BYTES]);

        assertThat(other.verify(entries.entryHash(INDEX), log.key())).isEmpty();
        assertThat(receipt.verify(entries.entryHash(INDEX), witness.key())).isEmpty();
        assertThat(statement.isBy(witness.key())).isFalse();
    }

    @Test
    void statementsNeedNoReceipts() {
        CoseStatement bare = statement.with(List.of());

        assertThat(CoseStatement.parse(bare.encoded()).receipts()).isEmpty();
        assertThat(CoseStatement.parse(bare.encoded()).isBy(log.key())).isTrue();
        assertThatThrownBy(() -> statement.with(Collections.nCopies(17, receipt)))
                .hasMessageContaining("17");
    }

    /** Half a character, one that is cut off, and one that is longer than need be. */
    @ParameterizedTest
    @ValueSource(strings = {"63eda080", "63f09f98", "62c080", "61ff"})
    void noTextIsAnythingButUtf8(String hex) {
        assertThatThrownBy(() -> new CborReader(HexFormat.of().parseHex(hex)).text())
                .hasMessageContaining("UTF-8");
        assertThatThrownBy(() -> new CborWriter().text("\ud800")).hasMessageContaining("half a character");
    }

    /** RFC 8949, appendix A. */
    @ParameterizedTest
    @CsvSource({
        "0, 00",
        "23, 17",
        "24, 1818",
        "100, 1864",
        "1000, 1903e8",
        "1000000, 1a000f4240",
        "1000000000000, 1b000000e8d4a51000",
        "-1, 20",
        "-100, 3863",
        "-1000, 3903e7",
    })
    void numbersAreWrittenAsTheStandardWritesThem(long number, String hex) {
        byte[] encoded = new CborWriter().integer(number).encoded();

        assertThat(HexFormat.of().formatHex(encoded)).isEqualTo(hex);
        assertThat(new CborReader(encoded).integer()).isEqualTo(number);
    }

    /** Longer than need be, without a length, too large, not a number, or not there. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "1817",
                "190018",
                "1a00000100",
                "1b00000000ffffffff",
                "1bffffffffffffffff",
                "1f",
                "1c",
                "40",
                "18",
                ""
            })
    void noNumberIsWrittenInAnyOtherWay(String hex) {
        CborReader in = new CborReader(HexFormat.of().parseHex(hex));

        assertThatThrownBy(in::integer).isInstanceOf(IllegalArgumentException.class);
    }

    /** Four billion bytes, or elements, of which none follows. */
    @ParameterizedTest
    @ValueSource(strings = {"5affffffff", "9affffffff", "7affffffff", "5bffffffffffffffff", "61ff"})
    void nothingIsLongerThanWhatFollows(String hex) {
        assertThatThrownBy(() -> new CborReader(HexFormat.of().parseHex(hex)).bytes())
                .isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> new CborReader(HexFormat.of().parseHex(hex)).array())
                .isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> new CborReader(HexFormat.of().parseHex(hex)).text())
                .isInstanceOf(IllegalArgumentException.class);
    }
}
