package openledger.kafka;

import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import openledger.stream.StreamCursor;
import openledger.stream.StreamRecord;
import openledger.unit.LaneId;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.KafkaFuture;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.config.ConfigResource;
import org.apache.kafka.common.config.TopicConfig;
import org.apache.kafka.common.errors.AuthorizationException;
import org.apache.kafka.common.errors.TopicExistsException;
import org.apache.kafka.common.errors.UnknownTopicOrPartitionException;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.jboss.logging.Logger;

/**
 * The topics: made if they are not there, and the one with the cursors read. That one has one partition, in which the last cursor of a lane
 * is the lane's. Waits, with bounds: never to be called on an event loop. Thread-safe.
 */
final class KafkaTopics {
    private static final Logger LOG = Logger.getLogger(KafkaTopics.class);
    private static final String CURSORS = "cursors.v1";
    private static final int PARTITIONS = 12;
    private static final Duration KEPT = Duration.ofDays(7);
    /** A small segment is compacted early, so little has to be read. */
    private static final int CURSOR_SEGMENT_BYTES = 4 << 20;

    private static final Duration LONGEST_READ = KafkaClients.LONGEST_TRANSACTION.multipliedBy(2);
    private static final Duration POLL = Duration.ofMillis(200);
    private static final long FIRST_LOOK = 1_000;
    private static final int WIDER = 32;

    private final KafkaClients clients;
    private final KafkaSettings settings;
    private volatile boolean areThere;

    KafkaTopics(KafkaClients clients, KafkaSettings settings) {
        this.clients = clients;
        this.settings = settings;
    }

    String name(String word) {
        return settings.topic(word);
    }

    /** Makes those that are missing, with as many copies as the brokers make by themselves. */
    void ensure() {
        if (areThere) {
            return;
        }
        try (Admin admin = Admin.create(clients.admin())) {
            List<NewTopic> missing = new ArrayList<>();
            for (NewTopic topic : wanted()) {
                if (!isThere(admin, topic.name())) {
                    missing.add(topic);
                }
            }
            for (KafkaFuture<Void> made : admin.createTopics(missing).values().values()) {
                create(made);
            }
            checkCursors(admin);
        }
        areThere = true;
    }

    /**
     * Exactly once rests on the last cursor of each lane, however old it is, and brokers that delete by age or size drop it. Everything else
     * of a topic that somebody has made is theirs.
     */
    private void checkCursors(Admin admin) {
        ConfigResource cursors = new ConfigResource(ConfigResource.Type.TOPIC, name(CURSORS));
        String policy;
        try {
            policy = within(admin.describeConfigs(List.of(cursors)).all())
                    .values()
                    .iterator()
                    .next()
                    .get(TopicConfig.CLEANUP_POLICY_CONFIG)
                    .value();
        } catch (AuthorizationException unknown) {
            LOG.warnf(
                    "it cannot be seen whether the cursors of the stream are kept: the user of the stream may not describe"
                            + " the configuration of the topic, topic=%s wanted=%s=%s",
                    cursors.name(), TopicConfig.CLEANUP_POLICY_CONFIG, TopicConfig.CLEANUP_POLICY_COMPACT);
            return;
        }
        if (!TopicConfig.CLEANUP_POLICY_COMPACT.equals(policy)) {
            throw new IllegalStateException("the topic " + cursors.name() + " has " + TopicConfig.CLEANUP_POLICY_CONFIG
                    + "=" + policy + ", with which the brokers drop how far the stream of a lane is; set it to "
                    + TopicConfig.CLEANUP_POLICY_COMPACT + " (kafka-configs.sh --alter --topic " + cursors.name()
                    + " --add-config " + TopicConfig.CLEANUP_POLICY_CONFIG + "=" + TopicConfig.CLEANUP_POLICY_COMPACT
                    + "), and the stream goes on");
        }
    }

    private List<NewTopic> wanted() {
        return List.of(
                topic(
                        StreamRecord.Topic.DECISIONS.word(),
                        PARTITIONS,
                        Map.of(
                                TopicConfig.CLEANUP_POLICY_CONFIG,
                                TopicConfig.CLEANUP_POLICY_DELETE,
                                TopicConfig.RETENTION_MS_CONFIG,
                                Long.toString(KEPT.toMillis()))),
                topic(
                        StreamRecord.Topic.LEVELS.word(),
                        PARTITIONS,
                        Map.of(TopicConfig.CLEANUP_POLICY_CONFIG, TopicConfig.CLEANUP_POLICY_COMPACT)),
                topic(
                        CURSORS,
                        1,
                        Map.of(
                                TopicConfig.CLEANUP_POLICY_CONFIG,
                                TopicConfig.CLEANUP_POLICY_COMPACT,
                                TopicConfig.SEGMENT_BYTES_CONFIG,
                                Integer.toString(CURSOR_SEGMENT_BYTES),
                                TopicConfig.MIN_CLEANABLE_DIRTY_RATIO_CONFIG,
                                "0.1")));
    }

    private NewTopic topic(String word, int partitions, Map<String, String> configs) {
        return new NewTopic(name(word), Optional.of(partitions), Optional.empty()).configs(configs);
    }

    private static boolean isThere(Admin admin, String topic) {
        try {
            admin.describeTopics(List.of(topic)).topicNameValues().values().forEach(KafkaTopics::within);
            return true;
        } catch (UnknownTopicOrPartitionException missing) {
            return false;
        }
    }

    private static void create(KafkaFuture<Void> made) {
        try {
            within(made);
        } catch (TopicExistsException another) {
            // Another router was faster.
            return;
        }
    }

    private static <T> T within(KafkaFuture<T> answer) {
        try {
            return answer.get(KafkaClients.LONGEST_WAIT.toMillis(), TimeUnit.MILLISECONDS);
        } catch (ExecutionException e) {
            throw e.getCause() instanceof RuntimeException known ? known : new IllegalStateException(e.getCause());
        } catch (TimeoutException e) {
            throw new IllegalStateException("the brokers do not answer", e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted", e);
        }
    }

    /** A lane's cursor as a record. */
    ProducerRecord<String, byte[]> cursor(LaneId lane, StreamCursor cursor) {
        return new ProducerRecord<>(name(CURSORS), 0, key(lane), cursor.encode());
    }

    private static String key(LaneId lane) {
        return Long.toString(lane.value());
    }

    /**
     * The lane's last cursor that is for good; empty if there is none. Transactions of other lanes that are under way stand between what
     * is for good, so this waits for their ends: each has a time-out.
     */
    Optional<StreamCursor> cursor(LaneId lane) {
        TopicPartition place = new TopicPartition(name(CURSORS), 0);
        long end = end(place);
        try (KafkaConsumer<String, byte[]> consumer = consumer("read_committed")) {
            consumer.assign(List.of(place));
            long begin = consumer.beginningOffsets(List.of(place)).getOrDefault(place, 0L);
            for (long looked = FIRST_LOOK; true; looked *= WIDER) {
                long from = Math.max(begin, end - looked);
                Optional<StreamCursor> found = last(consumer, place, from, end, key(lane));
                if (found.isPresent() || from == begin) {
                    return found;
                }
            }
        }
    }

    /** Of all that is there, for good or not: behind an open transaction may lie the very cursor that is looked for. */
    private long end(TopicPartition place) {
        try (KafkaConsumer<String, byte[]> consumer = consumer("read_uncommitted")) {
            return consumer.endOffsets(List.of(place)).getOrDefault(place, 0L);
        }
    }

    private KafkaConsumer<String, byte[]> consumer(String isolation) {
        Map<String, Object> properties = new HashMap<>(clients.consumer());
        properties.put(ConsumerConfig.ISOLATION_LEVEL_CONFIG, isolation);
        return new KafkaConsumer<>(properties, new StringDeserializer(), new ByteArrayDeserializer());
    }

    private static Optional<StreamCursor> last(
            KafkaConsumer<String, byte[]> consumer, TopicPartition place, long from, long end, String key) {
        Optional<StreamCursor> last = Optional.empty();
        consumer.seek(place, from);
        long since = System.nanoTime();
        while (consumer.position(place) < end) {
            if (System.nanoTime() - since > LONGEST_READ.toNanos()) {
                throw new IllegalStateException("the cursors of the stream cannot be read to their end");
            }
            for (ConsumerRecord<String, byte[]> record : consumer.poll(POLL)) {
                if (key.equals(record.key()) && record.value() != null) {
                    last = Optional.of(StreamCursor.decode(record.value()));
                }
            }
        }
        return last;
    }
}
