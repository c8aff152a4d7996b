package openledger.cluster;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.HexFormat;
import openledger.unit.ResendKey;
import org.junit.jupiter.api.Test;

/** A key is the same at every router, whatever it runs on. */
final class ResendKeyTest {
    @Test
    void isTheBeginningOfADigest() {
        ResendKey key = ResendKey.of("tenänt", "key-1");
        assertThat(HexFormat.of().formatHex(key.bytes())).isEqualTo("b581ce96e4c933525ccb697aabf80ed5");
        assertThat(key.range()).isEqualTo(726);
        assertThat(ResendKey.of(key.bytes())).isEqualTo(key);
    }

    @Test
    void tellsTenantFromKey() {
        assertThat(ResendKey.of("a", "bc")).isNotEqualTo(ResendKey.of("ab", "c"));
    }

    @Test
    void rangesAreFromTheFirstToTheLast() {
        assertThat(new ResendKey(0, 0).range()).isZero();
        assertThat(new ResendKey(-1, 0).range()).isEqualTo(ResendKey.RANGES - 1);
    }

    @Test
    void nothingIsNoKey() {
        assertThatThrownBy(() -> ResendKey.of("a", "")).isInstanceOf(IllegalArgumentException.class);
    }
}
