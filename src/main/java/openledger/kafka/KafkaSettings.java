package openledger.kafka;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import org.apache.kafka.clients.CommonClientConfigs;
import org.apache.kafka.clients.admin.AdminClientConfig;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.producer.ProducerConfig;

/**
 * How the brokers are reached. Immutable.
 *
 * @param servers {@code host:port} of some of them
 * @param prefix of the names of topics and of transactional ids; two databases never have the same on one cluster of brokers
 * @param properties more properties of the client, secrets among them; never shown
 */
public record KafkaSettings(List<String> servers, String prefix, Map<String, String> properties) {
    private static final Pattern SERVER =
            Pattern.compile("[A-Za-z0-9._-]{1,253}:[0-9]{1,5}|\\[[0-9A-Fa-f:.]{2,45}]:[0-9]{1,5}");
    private static final Pattern PREFIX = Pattern.compile("[A-Za-z0-9][A-Za-z0-9._-]{0,99}");

    /** What exactly-once and the bounds of this house rest on. */
    private static final Set<String> OURS = Set.of(
            CommonClientConfigs.BOOTSTRAP_SERVERS_CONFIG,
            CommonClientConfigs.REQUEST_TIMEOUT_MS_CONFIG,
            CommonClientConfigs.DEFAULT_API_TIMEOUT_MS_CONFIG,
            ProducerConfig.ACKS_CONFIG,
            ProducerConfig.ENABLE_IDEMPOTENCE_CONFIG,
            ProducerConfig.TRANSACTIONAL_ID_CONFIG,
            ProducerConfig.TRANSACTION_TIMEOUT_CONFIG,
            ProducerConfig.MAX_BLOCK_MS_CONFIG,
            ProducerConfig.DELIVERY_TIMEOUT_MS_CONFIG,
            ProducerConfig.RETRIES_CONFIG,
            ProducerConfig.MAX_IN_FLIGHT_REQUESTS_PER_CONNECTION,
            ProducerConfig.KEY_SERIALIZER_CLASS_CONFIG,
            ProducerConfig.VALUE_SERIALIZER_CLASS_CONFIG,
            ProducerConfig.PARTITIONER_CLASS_CONFIG,
            ProducerConfig.PARTITIONER_IGNORE_KEYS_CONFIG,
            ProducerConfig.INTERCEPTOR_CLASSES_CONFIG,
            CommonClientConfigs.METRIC_REPORTER_CLASSES_CONFIG,
            ConsumerConfig.ISOLATION_LEVEL_CONFIG,
            ConsumerConfig.GROUP_ID_CONFIG,
            ConsumerConfig.AUTO_OFFSET_RESET_CONFIG,
            ConsumerConfig.ENABLE_AUTO_COMMIT_CONFIG,
            ConsumerConfig.KEY_DESERIALIZER_CLASS_CONFIG,
            ConsumerConfig.VALUE_DESERIALIZER_CLASS_CONFIG,
            "config.providers");

    /** Without native code. */
    private static final Set<String> COMPRESSIONS = Set.of("none", "gzip", "lz4");

    /**
     * Checks them.
     *
     * @throws IllegalArgumentException if one cannot be used; without any value of a property
     */
    public KafkaSettings {
        servers = List.copyOf(servers);
        properties = Map.copyOf(properties);
        if (servers.isEmpty()
                || !servers.stream().allMatch(server -> SERVER.matcher(server).matches())) {
            throw new IllegalArgumentException("brokers are named as host:port");
        }
        if (!PREFIX.matcher(prefix).matches()) {
            throw new IllegalArgumentException("a prefix has 1 to 100 letters, digits, dots, dashes or underscores");
        }
    }

    /** Why a property cannot be given; empty if it can. */
    public static String refused(String property, String value) {
        if (OURS.contains(property)) {
            return "is not to be set: exactly once, or a bound, rests on it";
        }
        Set<String> known = new TreeSet<>(ProducerConfig.configNames());
        known.addAll(ConsumerConfig.configNames());
        known.addAll(AdminClientConfig.configNames());
        if (!known.contains(property)) {
            return "is no property of a Kafka client";
        }
        boolean isWrong = ProducerConfig.COMPRESSION_TYPE_CONFIG.equals(property) && !COMPRESSIONS.contains(value);
        return isWrong ? "must be one of none, gzip and lz4" : "";
    }

    /** The name of a topic. */
    public String topic(String word) {
        return prefix + "." + word;
    }

    Map<String, Object> client() {
        Map<String, Object> client = new HashMap<>(properties);
        client.put(CommonClientConfigs.BOOTSTRAP_SERVERS_CONFIG, servers);
        return client;
    }

    @Override
    public String toString() {
        return "KafkaSettings[servers=" + servers + ", prefix=" + prefix + "]";
    }
}
