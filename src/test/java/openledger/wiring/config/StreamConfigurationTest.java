package openledger.wiring.config;

import static openledger.wiring.config.ConfigurationTest.check;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import openledger.stream.TenantNames;
import openledger.wiring.stream.StreamSettings;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** How decisions are streamed, as it is configured. */
final class StreamConfigurationTest {
    private static final String STREAM = "openledger.stream.";

    @Test
    void nothingIsStreamedUnlessBrokersAreNamed() throws IOException {
        assertThat(check(Map.of()).stream()).isEmpty();
        assertThat(check(Map.of(STREAM + "tenants", "tags")).stream()).isEmpty();
    }

    @Test
    void whereToAndHowIsRead() throws IOException {
        Map<String, String> changes = good();
        changes.put(STREAM + "tenants", "tags");
        changes.put(STREAM + "longest-lag", "36h");
        changes.put(STREAM + "kafka.prefix", "eu-1");
        changes.put(STREAM + "kafka.properties.\"security.protocol\"", "SASL_SSL");
        changes.put(STREAM + "kafka.properties.\"sasl.mechanism\"", "OAUTHBEARER");
        changes.put(STREAM + "kafka.secret-envs.\"sasl.jaas.config\"", "ACME_KEY");
        StreamSettings settings = check(changes).stream().orElseThrow();

        assertThat(settings.tenants()).isEqualTo(TenantNames.TAGS);
        assertThat(settings.longestLag()).isEqualTo(Duration.ofHours(36));
        assertThat(settings.kafka().servers()).containsExactly("a.example:9092", "[fd00::7]:9092");
        assertThat(settings.kafka().topic("decisions.v1")).isEqualTo("eu-1.decisions.v1");
        assertThat(settings.kafka().properties())
                .containsEntry("security.protocol", "SASL_SSL")
                .containsKey("sasl.jaas.config");
        assertThat(settings)
                .asString()
                .doesNotContain(settings.kafka().properties().getOrDefault("sasl.jaas.config", "?"));
    }

    @Test
    void eachWrongKeyIsNamedBesideTheOthers() {
        Map<String, String> changes = good();
        changes.put(STREAM + "kafka.bootstrap-servers", "a.example");
        changes.put(STREAM + "kafka.prefix", "a b");
        assertThatThrownBy(() -> check(changes))
                .hasMessageContaining("openledger.stream.kafka.bootstrap-servers: ")
                .hasMessageContaining("openledger.stream.kafka.prefix: ");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = ';',
            value = {
                "tenants;cohorts;openledger.stream.tenants: must be names or tags: cohorts",
                "longest-lag;-1s;openledger.stream.longest-lag: must be 0 s to 3650 days",
                "longest-lag;4000d;openledger.stream.longest-lag: must be 0 s to 3650 days",
                "kafka.bootstrap-servers;a.example;openledger.stream.kafka.bootstrap-servers: brokers are named as host:port",
                "kafka.bootstrap-servers;http://a:1;openledger.stream.kafka.bootstrap-servers: brokers are named as host:port",
                "kafka.prefix;a b;openledger.stream.kafka.prefix: a prefix has 1 to 100",
                "kafka.properties.acks;1;openledger.stream.kafka.properties.acks: is not to be set",
                "kafka.properties.\"transactional.id\";x;openledger.stream.kafka.properties.transactional.id: is not to be set",
                "kafka.properties.\"no.such\";x;openledger.stream.kafka.properties.no.such: is no property of a Kafka client",
                "kafka.properties.\"compression.type\";zstd;openledger.stream.kafka.properties.compression.type: must be one of",
                "kafka.secret-envs.\"ssl.key.password\";NOT_THERE;"
                        + "openledger.stream.kafka.secret-envs.ssl.key.password: the environment variable NOT_THERE is not set",
                "kafka.secret-envs.acks;ACME_KEY;openledger.stream.kafka.secret-envs.acks: is not to be set",
                "kafka.properties.\"sasl.jaas.config\";x;"
                        + "openledger.stream.kafka.properties.sasl.jaas.config: is a secret: name its environment variable",
                "kafka.properties.\"security.protocol\";TLS;"
                        + "openledger.stream.kafka.properties.security.protocol: is no value that a Kafka client takes: ",
                "kafka.properties.\"ssl.truststore.location\";/etc/trust.p12;"
                        + "openledger.stream.kafka.properties.ssl.truststore.location: is not used: security.protocol is not SSL",
                "kafka.secret-envs.\"sasl.jaas.config\";ACME_KEY;"
                        + "openledger.stream.kafka.secret-envs.sasl.jaas.config: is not used: security.protocol is not SASL_SSL"
            })
    void whatCannotBeUsedStopsTheStartWithItsKey(String key, String value, String message) {
        Map<String, String> changes = good();
        changes.put(STREAM + key, value);

        assertThatThrownBy(() -> check(changes))
                .isInstanceOf(ConfigurationProblem.class)
                .hasMessageContaining(message);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = ';',
            value = {
                "SCRAM-SHA-1;ACME_KEY;openledger.stream.kafka.properties.sasl.mechanism: must be one of PLAIN",
                "PLAIN;ACME_KEY;openledger.stream.kafka.secret-envs.sasl.jaas.config: must be, for PLAIN: org.apache",
                "SCRAM-SHA-512;;openledger.stream.kafka.secret-envs.sasl.jaas.config: is missing; for SCRAM-SHA-512 it is"
            })
    void aLoginThatCannotBeOneStopsTheStartWithoutASecret(String mechanism, String variable, String message) {
        Map<String, String> changes = good();
        changes.put(STREAM + "kafka.properties.\"security.protocol\"", "SASL_SSL");
        changes.put(STREAM + "kafka.properties.\"sasl.mechanism\"", mechanism);
        if (variable != null) {
            changes.put(STREAM + "kafka.secret-envs.\"sasl.jaas.config\"", variable);
        }

        assertThatThrownBy(() -> check(changes))
                .isInstanceOf(ConfigurationProblem.class)
                .hasMessageContaining(message)
                .hasMessageNotContaining("sk-acme");
    }

    private static Map<String, String> good() {
        return new HashMap<>(Map.of(STREAM + "kafka.bootstrap-servers", "a.example:9092,[fd00::7]:9092"));
    }
}
