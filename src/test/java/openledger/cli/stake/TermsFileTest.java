package openledger.cli.stake;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.math.BigInteger;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import openledger.commitment.LeafPromise;
import openledger.commitment.stake.VaultTerms;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class TermsFileTest {
    private static final long ROUNDED_TO = 10_000;

    @TempDir
    Path folder = Path.of("");

    @Test
    void theDocumentedFileHasWhatIsUsual() throws IOException {
        Path documented = Path.of("deploy/terms.yaml");

        assertThat(TermsFile.read(documented)).isEqualTo(VaultTerms.USUAL);
        assertThat(Files.readAllLines(documented).stream()
                        .filter(line -> !line.isBlank() && !line.startsWith("#"))
                        .count())
                .isEqualTo(VaultTerms.class.getRecordComponents().length);
        assertThat(read("")).isEqualTo(VaultTerms.USUAL);
    }

    @Test
    void noChallengeCostsALaneMoreThanItPays() throws IOException {
        JsonObject gas = new JsonObject(Files.readString(Path.of("contracts/snapshots/VaultGasTest.json")));
        long dearest = gas.fieldNames().stream()
                .filter(name -> name.startsWith("answer") && !name.startsWith("answerMany"))
                .mapToLong(name -> Long.parseLong(gas.getString(name)))
                .max()
                .orElseThrow();

        assertThat(VaultTerms.USUAL.bondGas()).isEqualTo(Math.ceilDiv(2 * dearest, ROUNDED_TO) * ROUNDED_TO);
    }

    @Test
    void whatRoutersPromiseBindsThem() {
        assertThat(VaultTerms.USUAL.anchorMost()).isGreaterThanOrEqualTo(Duration.ofSeconds(LeafPromise.LONGEST));
    }

    @Test
    void amountsAndTimesHaveUnits() throws IOException {
        VaultTerms terms = read("""
                floor: 2.5 ether
                leaf-penalty: 7 gwei
                promise-penalty: 123456789012345678wei
                stake-per-leaf: 0
                window: 90000s
                grace: 20h
                response: 1440m
                bond-gas: 4294967295
                """);

        assertThat(terms.floor()).isEqualTo(new BigInteger("2500000000000000000"));
        assertThat(terms.leafPenalty()).isEqualTo(7_000_000_000L);
        assertThat(terms.promisePenalty()).isEqualTo(123_456_789_012_345_678L);
        assertThat(terms.window()).isEqualTo(Duration.ofHours(25));
        assertThat(terms.response()).isEqualTo(Duration.ofDays(1));
        assertThat(terms.bondGas()).isEqualTo(4_294_967_295L);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "floor: 100 | floor must be an amount",
                "floor: -1 wei | floor must be an amount",
                "floor: 0.5 wei | floor must be an amount",
                "floor: 0.0000000001 gwei | floor must be an amount",
                "floor: 340282366920938463463374607431768211456 wei | floor must be an amount",
                "floor: [1] | floor must be an amount",
                "window: 7 | window must be a time",
                "window: 1w | window must be a time",
                "window: 9999999999d | window must be a time",
                "bond-gas: 4294967296 | bond-gas must be a whole number",
                "reporter-bps: 65536 | reporter-bps must be a whole number",
                "most-per-batch: 1.5 | most-per-batch must be a whole number",
                "floor: 1 wei | floor must be at least promise-penalty",
                "{window: 1h, grace: 1h} | window must be from 1 day",
                "windows: 7d | windows is no term",
                "just words | it must be a list of keys",
                "'a: [' | it is not YAML",
            })
    void whatNoVaultTakesIsRefusedWithItsReason(String text, String reason) {
        assertThatThrownBy(() -> read(text))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining(reason);
    }

    private VaultTerms read(String text) throws IOException {
        return TermsFile.read(Files.writeString(folder.resolve("terms.yaml"), text));
    }
}
