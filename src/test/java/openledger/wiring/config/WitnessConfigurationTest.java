package openledger.wiring.config;

import static openledger.wiring.config.ConfigurationTest.check;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.time.Duration;
import java.util.Base64;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import openledger.commitment.PlanLevel;
import openledger.commitment.log.NoteKey;
import openledger.identity.NoteSecret;
import openledger.inference.admission.ConfirmedDefaults;
import openledger.settlement.witness.WitnessSettings;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The witnesses of the log, as they are configured. */
final class WitnessConfigurationTest {
    private static final byte[] KEY_BYTES = Base64.getDecoder().decode("O2onvM62pC1io6jQKm8Nc2UyFXcd4kOmOsBIoYtZ2ik=");
    private static final List<String> WITNESS_KEYS =
            Stream.of("one", "two", "three").map(name -> key(name, name)).toList();
    /** The key of the first. */
    private static final String OTHER_NAME = key("other", "one");

    private static String key(String name, String owner) {
        String seed = HexFormat.of().toHexDigits((long) owner.hashCode()).repeat(4);
        return NoteSecret.signer(name, NoteKey.Kind.COSIGNATURE, seed).key().toString();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = ';',
            value = {
                "url;ftp://w.example;openledger.log.witnesses[1]: a witness's address begins with http",
                "url;https://user:pass@w.example;openledger.log.witnesses[1]: a witness's address has no user",
                "url;https://w.example?a=b;openledger.log.witnesses[1]: a witness's address has no user",
                "url;https://w example;openledger.log.witnesses[1]: url: this is not an address",
                "key;w.example;openledger.log.witnesses[1].key: a verifier key is <name>",
                "key;$LOG;openledger.log.witnesses[1]: this is no key for cosignatures",
                "key;$ONE;openledger.log.witnesses[1].key: is repeated",
                "key;$OTHER;openledger.log.witnesses[1].key: is repeated, under this or another name",
                "quorum;0;openledger.log.quorum: must be 1 to 2",
                "quorum;3;openledger.log.quorum: must be 1 to 2",
                "witness-timeout;99ms;openledger.log.witness-timeout: must be",
                "witness-timeout;61s;openledger.log.witness-timeout: must be",
                "key-env;;openledger.log.witnesses: there is no log to cosign",
            })
    void aBadWitnessIsRefusedWithItsKey(String key, String value, String message) {
        Map<String, String> changes = witnesses(2);
        String at = key.equals("url") || key.equals("key") ? "witnesses[1]." + key : key;
        changes.put(
                "openledger.log." + at,
                (value == null ? "" : value)
                        .replace("$ONE", WITNESS_KEYS.get(0))
                        .replace("$OTHER", OTHER_NAME)
                        .replace("$LOG", new NoteKey("log", NoteKey.Kind.NOTE, KEY_BYTES).toString()));

        assertThatThrownBy(() -> check(changes))
                .isInstanceOf(ConfigurationProblem.class)
                .hasMessageContaining(message)
                .hasMessageNotContaining("pass");
    }

    @Test
    void aQuorumIsMoreThanHalfOfTheWitnessesUnlessItIsNamed() throws IOException {
        assertThat(check(Map.of()).log().witnesses()).isEmpty();
        for (int count = 1; count <= 3; count++) {
            WitnessSettings settings = check(witnesses(count)).log().witnesses().orElseThrow();
            assertThat(settings.keys()).hasSize(count);
            assertThat(settings.quorum()).isEqualTo(List.of(1, 2, 2).get(count - 1));
            assertThat(settings.timeout()).isEqualTo(Duration.ofSeconds(5));
        }
        Map<String, String> all = witnesses(3);
        all.put("openledger.log.quorum", "3");
        assertThat(check(all).log().witnesses().orElseThrow().quorum()).isEqualTo(3);
        assertThatThrownBy(() -> check(Map.of("openledger.log.quorum", "1")))
                .hasMessageContaining("openledger.log.quorum: there are no witnesses");
    }

    @Test
    void witnessesMayBeWaitedForAndTheChainStaysTheDefault() throws IOException {
        ConfirmedDefaults defaults = check(witnesses(2)).confirmedDefaults().orElseThrow();

        assertThat(defaults.level()).isEqualTo(PlanLevel.SEQUENCED);
        assertThat(defaults.levels()).containsExactly(PlanLevel.WITNESSED, PlanLevel.SEQUENCED);
        // As the file has it for all levels.
        assertThat(defaults.waits()).containsEntry(PlanLevel.WITNESSED, Duration.ofSeconds(6));
        Map<String, String> asked = witnesses(2);
        asked.put("openledger.confirmed.level", "WITNESSED");
        assertThat(check(asked).confirmedDefaults().orElseThrow().level()).isEqualTo(PlanLevel.WITNESSED);
    }

    @Test
    void whoWaitsForWitnessesNeedsSome() throws IOException {
        assertThat(check(Map.of()).confirmedDefaults().orElseThrow().levels()).containsExactly(PlanLevel.SEQUENCED);
        assertThatThrownBy(() -> check(Map.of("openledger.confirmed.level", "WITNESSED")))
                .isInstanceOf(ConfigurationProblem.class)
                .hasMessageContaining("openledger.confirmed.level: 'WITNESSED' needs witnesses of the log: set"
                        + " openledger.log.witnesses");
    }

    /** The witnesses are wrong there, and the level is not. */
    @Test
    void aBadWitnessIsNoReasonAgainstTheLevel() {
        Map<String, String> none = witnesses(2);
        none.put("openledger.confirmed.level", "WITNESSED");
        none.put("openledger.log.quorum", "0");

        assertThatThrownBy(() -> check(none))
                .hasMessageContaining("openledger.log.quorum: must be 1 to 2")
                .hasMessageNotContaining("openledger.confirmed.level");
    }

    private static Map<String, String> witnesses(int count) {
        Map<String, String> keys = new HashMap<>();
        for (int i = 0; i < count; i++) {
            keys.put("openledger.log.witnesses[" + i + "].url", "https://w" + i + ".example/");
            keys.put("openledger.log.witnesses[" + i + "].key", WITNESS_KEYS.get(i));
        }
        return keys;
    }
}
