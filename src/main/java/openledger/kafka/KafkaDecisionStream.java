package openledger.kafka;

import io.smallrye.mutiny.Uni;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.Executor;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import openledger.stream.DecisionStream;
import openledger.stream.StreamBatch;
import openledger.stream.StreamCursor;
import openledger.stream.StreamLost;
import openledger.stream.StreamRecord;
import openledger.unit.LaneId;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.errors.InvalidProducerEpochException;
import org.apache.kafka.common.errors.ProducerFencedException;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.common.serialization.StringSerializer;
import org.jspecify.annotations.Nullable;

/**
 * A lane's part of the topics. Each batch is a transaction with the lane's cursor in it; the transactional id is the lane's, so whoever
 * begins fences the one before. The client waits for brokers, so each lane has a thread of its own; every wait ends by a time-out of {@link
 * KafkaClients}. Thread-safe.
 */
final class KafkaDecisionStream implements DecisionStream {
    private static final String SCHEMA = "schema";

    private final KafkaClients clients;
    private final KafkaTopics topics;
    private final LaneId lane;
    private final Executor thread;
    /** Counts how often it was ended: what was begun before is nothing any more. */
    private final AtomicInteger ends = new AtomicInteger();

    private volatile @Nullable KafkaProducer<String, byte[]> producer;

    KafkaDecisionStream(KafkaClients clients, KafkaTopics topics, LaneId lane) {
        this.clients = clients;
        this.topics = topics;
        this.lane = lane;
        this.thread = Executors.newSingleThreadExecutor(
                Thread.ofVirtual().name("stream-of-lane-" + lane.value()).factory());
    }

    @Override
    public Uni<Optional<StreamCursor>> begin() {
        return onItsThread(this::take);
    }

    private Optional<StreamCursor> take() {
        int generation = ends.get();
        topics.ensure();
        KafkaProducer<String, byte[]> made =
                new KafkaProducer<>(clients.producer(lane), new StringSerializer(), new ByteArraySerializer());
        producer = made;
        if (ends.get() != generation) {
            producer = null;
            made.close(Duration.ZERO);
            throw new IllegalStateException("the stream has ended");
        }
        made.initTransactions();
        return topics.cursor(lane);
    }

    @Override
    public Uni<Void> write(StreamBatch batch) {
        return onItsThread(() -> {
            commit(batch);
            return null;
        });
    }

    private void commit(StreamBatch batch) {
        KafkaProducer<String, byte[]> taken = producer;
        if (taken == null) {
            throw new IllegalStateException("the stream has ended");
        }
        try {
            taken.beginTransaction();
            for (StreamRecord record : batch.records()) {
                String word = record.topic().word();
                ProducerRecord<String, byte[]> sent =
                        new ProducerRecord<>(topics.name(word), record.key(), record.value());
                sent.headers().add(SCHEMA, word.getBytes(StandardCharsets.US_ASCII));
                send(taken, sent);
            }
            send(taken, topics.cursor(lane, batch.end()));
            taken.commitTransaction();
        } catch (ProducerFencedException | InvalidProducerEpochException fenced) {
            throw new StreamLost(fenced);
        }
    }

    @SuppressWarnings("FutureReturnValueIgnored") // the commit waits for all of them, and fails if one has
    private static void send(KafkaProducer<String, byte[]> by, ProducerRecord<String, byte[]> record) {
        by.send(record);
    }

    @Override
    public void end() {
        ends.incrementAndGet();
        KafkaProducer<String, byte[]> taken = producer;
        producer = null;
        if (taken != null) {
            // Not on the stream's own thread, which may be waiting for what is closed here; and it waits itself.
            Thread.startVirtualThread(() -> taken.close(Duration.ZERO));
        }
    }

    private <T extends @Nullable Object> Uni<T> onItsThread(Callable<T> work) {
        return Uni.createFrom()
                .<T>item(() -> {
                    try {
                        return work.call();
                    } catch (RuntimeException known) {
                        throw known;
                    } catch (Exception other) {
                        throw new IllegalStateException(other);
                    }
                })
                .runSubscriptionOn(thread);
    }
}
