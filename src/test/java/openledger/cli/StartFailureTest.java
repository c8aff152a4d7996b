package openledger.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.smallrye.config.ConfigMapping;
import io.smallrye.config.PropertiesConfigSource;
import io.smallrye.config.SmallRyeConfigBuilder;
import java.net.BindException;
import java.net.ConnectException;
import java.sql.SQLException;
import java.util.Map;
import org.junit.jupiter.api.Test;

final class StartFailureTest {
    @Test
    void namesTheDatabaseThatIsNotThere() {
        Throwable failure = new IllegalStateException(
                "Failed to start",
                new RuntimeException(
                        "Flyway failed",
                        new SQLException(
                                "Connection to 127.0.0.1:1 refused.", new ConnectException("Connection refused"))));

        assertThat(StartFailure.reason(failure))
                .isEqualTo("Connection to 127.0.0.1:1 refused. (the database: quarkus.datasource.jdbc.url,"
                        + " quarkus.datasource.username, quarkus.datasource.password)");
    }

    @Test
    void namesTheKeysOfAPortThatIsTaken() {
        assertThat(StartFailure.reason(new RuntimeException("Failed", new BindException("Address already in use"))))
                .startsWith("Address already in use (")
                .endsWith("(quarkus.http.host and quarkus.http.port, or those of openledger.admin)");
        assertThat(StartFailure.reason(new RuntimeException("bind(..) failed with error(-98)")))
                .contains("quarkus.http.port");
    }

    @Test
    void namesTheKeysWhoseValuesAreOfAWrongType() {
        SmallRyeConfigBuilder builder = new SmallRyeConfigBuilder()
                .withSources(new PropertiesConfigSource(Map.of("one.port", "abc", "one.share", "much"), "test", 100))
                .withMapping(One.class);

        assertThatThrownBy(builder::build)
                .satisfies(failure -> assertThat(StartFailure.reason(new RuntimeException("Failed", failure))
                                .lines())
                        .containsExactlyInAnyOrder(
                                "The configuration cannot be used:",
                                "  one.port: must be a whole number: abc",
                                "  one.share: must be a number: much",
                                "  one.needed: is missing"));
    }

    /** As a group of keys is. */
    @ConfigMapping(prefix = "one")
    interface One {
        int port();

        double share();

        String needed();
    }

    @Test
    void isTheRootCauseOfEverythingElse() {
        Throwable failure = new RuntimeException("Failed", new IllegalStateException("openledger.routes: none\nother"));

        assertThat(StartFailure.reason(failure)).isEqualTo("openledger.routes: none\nother");
        assertThat(StartFailure.reason(new RuntimeException(new IllegalStateException())))
                .isEqualTo("java.lang.IllegalStateException");
    }
}
