package openledger.kafka;

import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import openledger.unit.LaneId;
import org.apache.kafka.clients.CommonClientConfigs;
import org.apache.kafka.clients.admin.AdminClientConfig;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.producer.ProducerConfig;

/** The properties of the clients. A wait of any of them ends after {@link #LONGEST_WAIT}. Immutable. */
final class KafkaClients {
    /** For one thing that a broker is asked. */
    static final Duration LONGEST_WAIT = Duration.ofSeconds(10);
    /** After it a transaction of somebody who has died is nobody's, and hides what comes behind it no more. */
    static final Duration LONGEST_TRANSACTION = Duration.ofSeconds(20);

    private static final int REQUEST_MILLIS = 5_000;
    private static final long RECONNECT_MILLIS = 100;
    private static final long MOST_RECONNECT_MILLIS = 2_000;
    private static final int LINGER_MILLIS = 5;
    private static final int BATCH_BYTES = 64 * 1024;

    private final KafkaSettings settings;

    KafkaClients(KafkaSettings settings) {
        this.settings = settings;
    }

    Map<String, Object> producer(LaneId lane) {
        Map<String, Object> properties = common(ProducerConfig.configNames());
        properties.putIfAbsent(ProducerConfig.COMPRESSION_TYPE_CONFIG, "lz4");
        properties.putIfAbsent(ProducerConfig.LINGER_MS_CONFIG, LINGER_MILLIS);
        properties.putIfAbsent(ProducerConfig.BATCH_SIZE_CONFIG, BATCH_BYTES);
        properties.put(ProducerConfig.ACKS_CONFIG, "all");
        properties.put(ProducerConfig.ENABLE_IDEMPOTENCE_CONFIG, true);
        properties.put(ProducerConfig.TRANSACTIONAL_ID_CONFIG, settings.prefix() + "-lane-" + lane.value());
        properties.put(ProducerConfig.TRANSACTION_TIMEOUT_CONFIG, (int) LONGEST_TRANSACTION.toMillis());
        properties.put(ProducerConfig.MAX_BLOCK_MS_CONFIG, LONGEST_WAIT.toMillis());
        properties.put(ProducerConfig.DELIVERY_TIMEOUT_MS_CONFIG, (int) LONGEST_WAIT.toMillis());
        return properties;
    }

    Map<String, Object> consumer() {
        Map<String, Object> properties = common(ConsumerConfig.configNames());
        properties.put(ConsumerConfig.ENABLE_AUTO_COMMIT_CONFIG, false);
        properties.put(ConsumerConfig.AUTO_OFFSET_RESET_CONFIG, "earliest");
        properties.put(ConsumerConfig.DEFAULT_API_TIMEOUT_MS_CONFIG, (int) LONGEST_WAIT.toMillis());
        return properties;
    }

    Map<String, Object> admin() {
        Map<String, Object> properties = common(AdminClientConfig.configNames());
        properties.put(AdminClientConfig.DEFAULT_API_TIMEOUT_MS_CONFIG, (int) LONGEST_WAIT.toMillis());
        return properties;
    }

    private Map<String, Object> common(Set<String> known) {
        Map<String, Object> properties = new HashMap<>(settings.client());
        properties.keySet().retainAll(known);
        properties.putIfAbsent(CommonClientConfigs.RECONNECT_BACKOFF_MS_CONFIG, RECONNECT_MILLIS);
        properties.putIfAbsent(CommonClientConfigs.RECONNECT_BACKOFF_MAX_MS_CONFIG, MOST_RECONNECT_MILLIS);
        properties.put(CommonClientConfigs.REQUEST_TIMEOUT_MS_CONFIG, REQUEST_MILLIS);
        return properties;
    }
}
