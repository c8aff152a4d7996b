package openledger.wiring.database;

import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import openledger.wiring.config.ConfigurationProblem;
import org.junit.jupiter.api.Test;

final class DatabaseProducersTest {
    private static final String ONE = "postgresql://a:5432/openledger";
    private static final String TWO = ONE + ",postgresql://b:5432/openledger";

    @Test
    void jdbcHasToLookForThePrimaryOfSeveralServers() {
        assertThatThrownBy(() -> DatabaseProducers.check(TWO, "jdbc:" + ONE))
                .isInstanceOf(ConfigurationProblem.class)
                .hasMessageContaining("quarkus.datasource.jdbc.url")
                .hasMessageContaining("targetServerType=primary");
        assertThatCode(() -> DatabaseProducers.check(
                        TWO, "jdbc:postgresql://a:5432,b:5432/openledger?targetServerType=primary"))
                .doesNotThrowAnyException();
    }

    @Test
    void oneServerIsWhatItIs() {
        assertThatCode(() -> DatabaseProducers.check(ONE, "jdbc:" + ONE)).doesNotThrowAnyException();
    }
}
