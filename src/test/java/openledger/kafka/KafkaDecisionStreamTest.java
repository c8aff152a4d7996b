package openledger.kafka;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.smallrye.mutiny.Uni;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import openledger.stream.DecisionStream;
import openledger.stream.StreamBatch;
import openledger.stream.StreamCursor;
import openledger.stream.StreamLost;
import openledger.stream.StreamRecord;
import openledger.stream.StreamRecord.Topic;
import openledger.support.broker.KafkaBroker;
import openledger.support.broker.TopicReader;
import openledger.unit.LaneId;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AlterConfigOp;
import org.apache.kafka.clients.admin.ConfigEntry;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.config.ConfigResource;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.common.serialization.StringSerializer;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A lane's part of the topics, before a real broker. */
final class KafkaDecisionStreamTest {
    private static final Duration PATIENCE = Duration.ofSeconds(90);
    private static final UUID SOURCE = UUID.randomUUID();
    private static final LaneId LANE = new LaneId(7);

    @SuppressWarnings("NullAway.Init") // before all tests
    private static KafkaBroker broker;

    private static int prefixes;

    private final KafkaSettings settings = new KafkaSettings(List.of(broker.address()), "test" + ++prefixes, Map.of());
    private final KafkaDecisionStreams streams = new KafkaDecisionStreams(settings);

    @BeforeAll
    static void startBroker() throws IOException, InterruptedException {
        broker = KafkaBroker.start();
    }

    @AfterAll
    static void stopBroker() {
        broker.close();
    }

    @Test
    void whatWasWrittenIsThereWithItsCursor() throws Exception {
        DecisionStream stream = streams.of(LANE);
        assertThat(get(stream.begin())).isEmpty();
        get(stream.write(batch(1, 3, cursor(4))));
        get(stream.write(batch(4, 2, cursor(6))));
        stream.end();

        assertThat(get(streams.of(LANE).begin())).contains(cursor(6));
        assertThat(get(streams.of(new LaneId(8)).begin())).isEmpty();
        assertThat(keys()).containsExactlyInAnyOrder("1", "2", "3", "4", "5");
        assertThat(TopicReader.topics(broker.address()))
                .contains(settings.topic("decisions.v1"), settings.topic("levels.v1"), settings.topic("cursors.v1"));
        ConsumerRecord<String, String> one = records().getFirst();
        assertThat(new String(one.headers().lastHeader("schema").value(), StandardCharsets.UTF_8))
                .isEqualTo("decisions.v1");
    }

    @ParameterizedTest
    @ValueSource(strings = {"delete", "compact,delete"})
    void cursorsThatTheBrokersWouldDropAreRefusedUntilTheyAreKept(String policy) throws Exception {
        String topic = settings.topic("cursors.v1");
        DecisionStream stream = streams.of(LANE);
        try (Admin admin = Admin.create(Map.of("bootstrap.servers", broker.address()))) {
            admin.createTopics(List.of(new NewTopic(topic, Optional.of(3), Optional.empty())
                            .configs(Map.of("cleanup.policy", policy))))
                    .all()
                    .get(60, TimeUnit.SECONDS);

            assertThatThrownBy(() -> get(stream.begin()))
                    .hasMessageContaining(topic)
                    .hasMessageContaining("cleanup.policy=" + policy + ",")
                    .hasMessageContaining("--add-config cleanup.policy=compact");

            admin.incrementalAlterConfigs(Map.of(
                            new ConfigResource(ConfigResource.Type.TOPIC, topic),
                            List.of(new AlterConfigOp(
                                    new ConfigEntry("cleanup.policy", "compact"), AlterConfigOp.OpType.SET))))
                    .all()
                    .get(60, TimeUnit.SECONDS);
            // What the controller has taken the broker shows a moment later.
            while (!admin.describeConfigs(List.of(new ConfigResource(ConfigResource.Type.TOPIC, topic)))
                    .all()
                    .get(60, TimeUnit.SECONDS)
                    .toString()
                    .contains("name=cleanup.policy, value=compact, ")) {
                Thread.sleep(20);
            }
        }
        assertThat(get(stream.begin())).isEmpty();
    }

    @Test
    void whoeverBeginsFencesTheOneBefore() {
        DecisionStream zombie = streams.of(LANE);
        get(zombie.begin());
        get(zombie.write(batch(1, 1, cursor(2))));
        DecisionStream holder = streams.of(LANE);
        assertThat(get(holder.begin())).contains(cursor(2));

        assertThatThrownBy(() -> get(zombie.write(batch(2, 5, cursor(9))))).isInstanceOf(StreamLost.class);
        get(holder.write(batch(2, 1, cursor(3))));
        assertThat(keys()).containsExactlyInAnyOrder("1", "2");
        assertThat(get(streams.of(LANE).begin())).contains(cursor(3));
    }

    /** Its transaction is open when it dies, and comes to nothing with the next one that begins. */
    @Test
    void halfABatchIsNeverThere() {
        get(streams.of(LANE).begin());
        KafkaProducer<String, byte[]> dying = new KafkaProducer<>(
                new KafkaClients(settings).producer(LANE), new StringSerializer(), new ByteArraySerializer());
        dying.initTransactions();
        dying.beginTransaction();
        var _ = dying.send(new ProducerRecord<>(settings.topic("decisions.v1"), "half", new byte[] {'{', '}'}));
        dying.flush();

        DecisionStream next = streams.of(LANE);
        assertThat(get(next.begin())).isEmpty();
        get(next.write(batch(1, 1, cursor(2))));
        assertThat(keys()).containsExactly("1");
        dying.close(Duration.ZERO);
    }

    /** It hides what comes behind it from those who read what is for good, and the cursor of another lane may be there. */
    @Test
    void anOpenTransactionOfAnotherLaneHidesNoCursor() {
        DecisionStream stream = streams.of(LANE);
        get(stream.begin());
        get(stream.write(batch(1, 1, cursor(2))));
        KafkaProducer<String, byte[]> other = new KafkaProducer<>(
                new KafkaClients(settings).producer(new LaneId(9)), new StringSerializer(), new ByteArraySerializer());
        other.initTransactions();
        other.beginTransaction();
        var _ = other.send(new ProducerRecord<>(
                settings.topic("cursors.v1"), 0, "9", cursor(1).encode()));
        other.flush();
        get(stream.write(batch(2, 1, cursor(3))));
        stream.end();

        assertThat(get(streams.of(LANE).begin())).contains(cursor(3));
        other.close(Duration.ZERO);
    }

    /** One kept far behind those of others is looked for further and further back. */
    @Test
    void aCursorIsFoundBehindThousandsOfOthers() {
        DecisionStream old = streams.of(LANE);
        get(old.begin());
        get(old.write(batch(1, 1, cursor(2))));
        old.end();
        DecisionStream busy = streams.of(new LaneId(8));
        get(busy.begin());
        try (KafkaProducer<String, byte[]> producer = new KafkaProducer<>(
                new KafkaClients(settings).producer(new LaneId(10)),
                new StringSerializer(),
                new ByteArraySerializer())) {
            producer.initTransactions();
            producer.beginTransaction();
            for (int i = 1; i <= 3_000; i++) {
                var _ = producer.send(new ProducerRecord<>(
                        settings.topic("cursors.v1"), 0, "10", cursor(i).encode()));
            }
            producer.commitTransaction();
        }

        assertThat(get(streams.of(LANE).begin())).contains(cursor(2));
        assertThat(get(streams.of(new LaneId(10)).begin())).contains(cursor(3_000));
    }

    @Test
    void whatHasEndedWritesNothing() {
        DecisionStream stream = streams.of(LANE);
        get(stream.begin());
        stream.end();

        assertThatThrownBy(() -> get(stream.write(batch(1, 1, cursor(2))))).hasMessageContaining("has ended");
        assertThat(get(stream.begin())).isEmpty();
        get(stream.write(batch(1, 1, cursor(2))));
        assertThat(keys()).containsExactly("1");
    }

    private List<ConsumerRecord<String, String>> records() {
        return TopicReader.committed(broker.address(), settings.topic("decisions.v1"));
    }

    private List<String> keys() {
        return records().stream().map(ConsumerRecord::key).toList();
    }

    private static StreamCursor cursor(long chunk) {
        return new StreamCursor(chunk, 0, 0, SOURCE);
    }

    private static StreamBatch batch(int first, int count, StreamCursor end) {
        return new StreamBatch(
                IntStream.range(first, first + count)
                        .mapToObj(i -> new StreamRecord(Topic.DECISIONS, Integer.toString(i), new byte[] {'{', '}'}))
                        .toList(),
                end);
    }

    private static <T> T get(Uni<T> answer) {
        return answer.await().atMost(PATIENCE);
    }
}
