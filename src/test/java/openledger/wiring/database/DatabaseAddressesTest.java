package openledger.wiring.database;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class DatabaseAddressesTest {
    private static final String ONE = "postgresql://a:5432/openledger";
    private static final String TWO = ONE + ",postgresql://b:5432/openledger";

    @Test
    void jdbcHasToLookForThePrimaryOfSeveralServers() {
        assertThat(DatabaseAddresses.problems(TWO, "jdbc:" + ONE))
                .singleElement()
                .asString()
                .startsWith("quarkus.datasource.jdbc.url: ")
                .contains("targetServerType=primary");
        assertThat(DatabaseAddresses.problems(
                        TWO, "jdbc:postgresql://a:5432,b:5432/openledger?targetServerType=primary"))
                .isEmpty();
    }

    @Test
    void oneServerIsWhatItIs() {
        assertThat(DatabaseAddresses.problems(ONE, "jdbc:" + ONE)).isEmpty();
        assertThat(DatabaseAddresses.problems("vertx-reactive:" + ONE, "jdbc:" + ONE))
                .isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"https://a:5432/openledger", "a:5432", "", "postgresql://", ONE + ","})
    void whatIsNoAddressIsNamedByItsKey(String reactive) {
        assertThat(DatabaseAddresses.problems(reactive, "jdbc:postgresql://a/b?targetServerType=primary"))
                .singleElement()
                .asString()
                .startsWith("quarkus.datasource.reactive.url: ");
        assertThat(DatabaseAddresses.problems(ONE, "https://a:5432/openledger"))
                .singleElement()
                .asString()
                .startsWith("quarkus.datasource.jdbc.url: ");
    }
}
