package openledger.chain;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

final class LaneSeedTest {
    private static final String COUNTED = "000102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f";

    /** Worked out by another implementation of HKDF, secp256k1 and Keccak: funded accounts must stay what they are. */
    @ParameterizedTest
    @CsvSource({
        COUNTED + ", 1, 0x0161b04bb21da9e702178318434aa23e6cacf163",
        COUNTED + ", 2, 0xa6d1139a693d8b98f23b9eda756eddbb5201b970",
        COUNTED + ", 16, 0xe3b87f73265fdb2b4ebd5aa2c64eee12e52616d3",
        COUNTED + ", 1099511627776, 0xaf3a51444a4471f06b902c8406393dcb685c68ad",
        "0x0d0d0d0d0d0d0d0d0d0d0d0d0d0d0d0d0d0d0d0d0d0d0d0d0d0d0d0d0d0d0d0d, 1, 0x5e1f0fe571d386b34da19fb2810ce6c51faa56ab",
        "0000000000000000000000000000000000000000000000000000000000000000, 2, 0x1be6e62920c76d5da93cf4eb7735441e9646f392",
    })
    void aLaneHasTheAccountThatItsSeedGivesItForEver(String seed, long lane, String address) {
        assertThat(LaneSeed.of(seed).account(lane).address()).hasToString(address);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "0x", "0d", "zz0d0d0d0d0d0d0d0d0d0d0d0d0d0d0d0d0d0d0d0d0d0d0d0d0d0d0d0d0d0d0d"})
    void whatIsNoSeedIsRefusedWithoutBeingShown(String text) {
        assertThatThrownBy(() -> LaneSeed.of(text))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("a seed must have 64 hex digits");
    }

    @Test
    void theTextOfASeedDoesNotShowIt() {
        assertThat(LaneSeed.of(COUNTED)).hasToString("LaneSeed");
    }
}
