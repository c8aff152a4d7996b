package openledger.support.broker;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.StringDeserializer;

/** What a consumer reads that reads committed records only. */
public final class TopicReader {
    private static final Duration POLL = Duration.ofMillis(200);
    private static final Duration LONGEST = Duration.ofSeconds(60);

    private TopicReader() {}

    /** All records of a topic that are for good, partition by partition; waits for transactions that are under way. */
    public static List<ConsumerRecord<String, String>> committed(String brokers, String topic) {
        try (KafkaConsumer<String, String> consumer = consumer(brokers, "read_committed");
                KafkaConsumer<String, String> uncommitted = consumer(brokers, "read_uncommitted")) {
            List<TopicPartition> places = consumer.partitionsFor(topic).stream()
                    .map(partition -> new TopicPartition(topic, partition.partition()))
                    .toList();
            Map<TopicPartition, Long> ends = uncommitted.endOffsets(places);
            consumer.assign(places);
            consumer.seekToBeginning(places);
            List<ConsumerRecord<String, String>> records = new ArrayList<>();
            long until = System.nanoTime() + LONGEST.toNanos();
            while (places.stream().anyMatch(place -> consumer.position(place) < ends.getOrDefault(place, 0L))) {
                if (System.nanoTime() > until) {
                    throw new IllegalStateException(topic + " cannot be read to its end");
                }
                consumer.poll(POLL).forEach(records::add);
            }
            return records;
        }
    }

    /** The names of all topics. */
    public static List<String> topics(String brokers) throws Exception {
        try (Admin admin = Admin.create(Map.of("bootstrap.servers", brokers))) {
            return admin.listTopics().names().get().stream().sorted().toList();
        }
    }

    private static KafkaConsumer<String, String> consumer(String brokers, String isolation) {
        return new KafkaConsumer<>(
                Map.of("bootstrap.servers", brokers, "isolation.level", isolation, "enable.auto.commit", false),
                new StringDeserializer(),
                new StringDeserializer());
    }
}
