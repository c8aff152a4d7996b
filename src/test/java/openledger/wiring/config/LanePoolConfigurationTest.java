package openledger.wiring.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.util.HashMap;
import java.util.Map;
import openledger.commitment.LaneNumber;
import openledger.unit.Address;
import openledger.unit.LaneId;
import openledger.wiring.lanes.LaneSettings;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class LanePoolConfigurationTest {
    private static final String SETTLEMENT = "openledger.settlement.";
    /** Of the seed of the log's key in the test's environment, worked out by another implementation. */
    private static final Address SECOND = Address.parse("0xe5314205b106780b1562e8d645947518a5bdc99f");

    @Test
    void aLaneByItselfIsAPoolOfOne() throws IOException {
        LaneSettings lanes = ConfigurationTest.check(Map.of()).lanes();

        assertThat(lanes.pool().isShared()).isFalse();
        assertThat(lanes.number()).isEqualTo(1);
    }

    @Test
    void withNeitherTheLaneIsTheFirst() throws IOException {
        assertThat(ConfigurationTest.check(Map.of("openledger.lane", ""))
                        .lanes()
                        .pool()
                        .numbers())
                .containsExactly(1L);
    }

    @Test
    void eachLaneOfAPoolHasAnAccountOfItsSeedAndItsOwnNumberOnChain() throws IOException {
        CheckedConfiguration checked = ConfigurationTest.check(pool(Map.of()));

        LaneSettings lanes = checked.lanes();
        assertThat(lanes.pool().numbers()).containsExactly(1L, 2L, 3L);
        LaneId second = LaneNumber.of(SECOND, 2);
        assertThat(lanes.id(2)).isEqualTo(second);
        assertThat(lanes.of(second).orElseThrow().account().address()).isEqualTo(SECOND);
        assertThat(lanes.of(new LaneId(99))).isEmpty();
        assertThat(checked.lane()).isEqualTo(lanes.id(1));
        assertThat(checked.lanes().settled().values())
                .extracting(settings -> settings.chain().lane())
                .doesNotHaveDuplicates()
                .hasSize(3);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = ';',
            value = {
                "openledger.lanes;1-;openledger.lanes: must be numbers and ranges",
                "openledger.lanes;0-2;openledger.lanes: must have positive numbers",
                "openledger.lanes;1-1000;openledger.lanes: must have 1 to 256",
                "openledger.lane;1;openledger.lanes: set either lane or lanes",
                "openledger.log.origin;router.example/lane;openledger.log.origin: each lane",
                "openledger.settlement.lane-keys-env;ACME_KEY;openledger.settlement.lane-keys-env: a seed must",
                "openledger.settlement.lane-keys-env;NO_SUCH;openledger.settlement.lane-keys-env: the environment",
                "openledger.settlement.key-env;OPENLEDGER_LANE_KEY;openledger.settlement.lane-keys-env: set one of",
            })
    void aBadPoolIsRefusedWithItsKey(String key, String value, String reason) {
        assertThatThrownBy(() -> ConfigurationTest.check(pool(Map.of(key, value))))
                .isInstanceOf(ConfigurationProblem.class)
                .hasMessageContaining(reason);
    }

    @Test
    void oneAccountCannotCommitForSeveralLanes() {
        assertThatThrownBy(() -> ConfigurationTest.check(
                        pool(Map.of(SETTLEMENT + "lane-keys-env", "", SETTLEMENT + "key-env", "OPENLEDGER_LANE_KEY"))))
                .hasMessageContaining(SETTLEMENT + "key-env: one account commits for one lane");
    }

    @Test
    void namedKeysAreOfAllLanesAndOfOneEach() throws IOException {
        Map<String, String> two = Map.of(
                "openledger.lanes",
                "1,2",
                SETTLEMENT + "lane-keys-env",
                "",
                SETTLEMENT + "key-envs.1",
                "OPENLEDGER_LANE_KEY",
                SETTLEMENT + "key-envs.2",
                "OPENLEDGER_LOG_KEY");
        assertThat(ConfigurationTest.check(pool(two)).lanes().settled()).containsOnlyKeys(1L, 2L);

        Map<String, String> same = new HashMap<>(two);
        same.put(SETTLEMENT + "key-envs.2", "OPENLEDGER_LANE_KEY");
        assertThatThrownBy(() -> ConfigurationTest.check(pool(same)))
                .hasMessageContaining(SETTLEMENT + "key-envs.2: is the account of another lane");
        Map<String, String> missing = new HashMap<>(two);
        missing.put("openledger.lanes", "1-3");
        assertThatThrownBy(() -> ConfigurationTest.check(pool(missing)))
                .hasMessageContaining(SETTLEMENT + "key-envs: has no key for lane 3");
    }

    private static Map<String, String> pool(Map<String, String> changes) {
        Map<String, String> pool = new HashMap<>(Map.of(
                "openledger.lane",
                "",
                "openledger.lanes",
                "1-3",
                "openledger.log.origin",
                "",
                SETTLEMENT + "key-env",
                "",
                SETTLEMENT + "lane-keys-env",
                "OPENLEDGER_LOG_KEY"));
        pool.putAll(changes);
        return pool;
    }
}
