package openledger.kafka;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.smallrye.mutiny.Uni;
import java.io.IOException;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import openledger.http.CapturedLog;
import openledger.stream.DecisionStream;
import openledger.stream.StreamBatch;
import openledger.stream.StreamCursor;
import openledger.stream.StreamRecord;
import openledger.support.ScratchFolder;
import openledger.support.broker.BrokerLogin;
import openledger.support.broker.KafkaBroker;
import openledger.support.broker.TopicReader;
import openledger.unit.LaneId;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** TLS and SASL, before a real broker that takes nothing else, and as they are checked at the start. */
final class KafkaSecurityTest {
    private static final Duration PATIENCE = Duration.ofSeconds(90);
    private static final LaneId LANE = new LaneId(7);

    @SuppressWarnings("NullAway.Init") // before all tests
    private static BrokerLogin login;

    @SuppressWarnings("NullAway.Init") // before all tests
    private static KafkaBroker broker;

    private static int prefixes;

    @BeforeAll
    static void startBroker() throws IOException, InterruptedException {
        login = BrokerLogin.make(ScratchFolder.make("kafka-login"));
        broker = KafkaBroker.start(login);
    }

    @AfterAll
    static void stopBroker() {
        broker.close();
    }

    @ParameterizedTest
    @CsvSource({
        "PLAIN, plain.PlainLoginModule",
        "SCRAM-SHA-256, scram.ScramLoginModule",
        "SCRAM-SHA-512, scram.ScramLoginModule",
    })
    void decisionsAreStreamedOverTlsByWhoLogsInAndNoSecretIsLogged(String mechanism, String module) {
        Map<String, String> properties = properties(mechanism, module);
        assertThat(KafkaSecurity.faults(properties)).isEmpty();
        KafkaSettings settings = new KafkaSettings(List.of(broker.secured()), "secured" + ++prefixes, properties);
        try (CapturedLog log = new CapturedLog()) {
            DecisionStream stream = new KafkaDecisionStreams(settings).of(LANE);
            assertThat(get(stream.begin())).isEmpty();
            StreamRecord record = new StreamRecord(StreamRecord.Topic.DECISIONS, "k", new byte[] {'{', '}'});
            get(stream.write(new StreamBatch(List.of(record), new StreamCursor(1, 0, 0, UUID.randomUUID()))));
            stream.end();

            assertThat(TopicReader.committed(broker.address(), settings.topic("decisions.v1")))
                    .hasSize(1);
            assertThat(log.text()).doesNotContain(login.secret(), login.password());
        }
    }

    /** Another password, and a certificate that nobody vouches for. */
    @Test
    void whoIsNotKnownStreamsNothingAndTheReasonHasNoSecret() {
        Map<String, String> wrong = properties("SCRAM-SHA-512", "scram.ScramLoginModule");
        wrong.computeIfPresent("sasl.jaas.config", (name, jaas) -> jaas.replace(login.secret(), "hush-hush-43"));
        Map<String, String> untrusting = properties("SCRAM-SHA-512", "scram.ScramLoginModule");
        untrusting.keySet().removeIf(name -> name.startsWith("ssl.truststore"));
        for (Map<String, String> properties : List.of(wrong, untrusting)) {
            assertThat(KafkaSecurity.faults(properties)).isEmpty();
            DecisionStream stream = new KafkaDecisionStreams(
                            new KafkaSettings(List.of(broker.secured()), "stranger", properties))
                    .of(LANE);
            try (CapturedLog log = new CapturedLog()) {
                assertThatThrownBy(() -> get(stream.begin()))
                        .hasMessageNotContaining("hush-hush")
                        .satisfies(failure -> assertThat(log.text()).doesNotContain("hush-hush", login.password()));
            } finally {
                stream.end();
            }
        }
    }

    @Test
    void aTruststoreThatCannotBeOpenedIsFoundBeforeAnybodyIsConnectedTo() {
        Map<String, String> properties = properties("PLAIN", "plain.PlainLoginModule");
        properties.put("ssl.truststore.password", "another");
        assertThat(KafkaSecurity.faults(properties)).singleElement().satisfies(fault -> {
            assertThat(fault.property()).isEqualTo("ssl.truststore.location");
            assertThat(fault.reason()).contains("is its password the right one").doesNotContain("another");
            assertThat(fault.isAbsent()).isFalse();
        });
        properties.put("ssl.truststore.location", "/no/such.p12");
        assertThat(KafkaSecurity.faults(properties))
                .containsExactly(
                        new KafkaSecurity.Fault("ssl.truststore.location", "names a file that is not there", true));
    }

    @Test
    void aKeystoreThatCannotBeOpenedIsNamedAndNotTheTruststore() {
        Map<String, String> properties = properties("PLAIN", "plain.PlainLoginModule");
        properties.put("ssl.keystore.location", login.keys().toString());
        properties.put("ssl.keystore.password", "another");

        assertThat(KafkaSecurity.faults(properties))
                .extracting(KafkaSecurity.Fault::property)
                .containsExactly("ssl.keystore.location");
        properties.put("ssl.keystore.password", login.password());
        assertThat(KafkaSecurity.faults(properties)).isEmpty();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "PLAIN | scram.ScramLoginModule",
                "SCRAM-SHA-256 | plain.PlainLoginModule",
                "PLAIN | plain.NoSuchModule",
            })
    void aLoginThatDoesNotFitItsMechanismIsFound(String mechanism, String module) {
        assertThat(KafkaSecurity.faults(properties(mechanism, module)))
                .extracting(KafkaSecurity.Fault::property)
                .containsExactly("sasl.jaas.config");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "hush-hush-42",
                "org.apache.kafka.common.security.plain.PlainLoginModule required username='a'",
                "org.apache.kafka.common.security.plain.PlainLoginModule required username='a';",
                "org.apache.kafka.common.security.plain.PlainLoginModule hush-hush-42 username='a' password='b';",
                "com.sun.security.auth.module.JndiLoginModule required username='a' password='b';",
            })
    void whatIsNoLoginIsFoundAndNotRepeated(String jaas) {
        Map<String, String> properties = properties("PLAIN", "plain.PlainLoginModule");
        properties.put("sasl.jaas.config", jaas.replace('\'', '"'));

        assertThat(KafkaSecurity.faults(properties)).singleElement().satisfies(fault -> {
            assertThat(fault.property()).isEqualTo("sasl.jaas.config");
            assertThat(fault.reason()).startsWith("must be, for PLAIN: ").doesNotContain("hush-hush");
        });
    }

    @Test
    void secretsAreKnownByTheirNames() {
        assertThat(List.of("sasl.jaas.config", "ssl.truststore.password", "ssl.key.password", "ssl.keystore.key"))
                .allMatch(KafkaSecurity::isSecret);
        assertThat(List.of("security.protocol", "ssl.truststore.certificates", "ssl.truststore.location"))
                .noneMatch(KafkaSecurity::isSecret);
    }

    private static Map<String, String> properties(String mechanism, String module) {
        return new HashMap<>(Map.of(
                "security.protocol",
                "SASL_SSL",
                "sasl.mechanism",
                mechanism,
                "sasl.jaas.config",
                login.jaas(module),
                "ssl.truststore.type",
                "PKCS12",
                "ssl.truststore.location",
                login.trust().toString(),
                "ssl.truststore.password",
                login.password()));
    }

    private static <T> T get(Uni<T> asked) {
        return asked.await().atMost(PATIENCE);
    }
}
