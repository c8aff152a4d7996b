package openledger.kafka;

import openledger.stream.DecisionStream;
import openledger.stream.DecisionStreams;
import openledger.unit.LaneId;

/** Streams of lanes in topics of Kafka. Thread-safe. */
public final class KafkaDecisionStreams implements DecisionStreams {
    private final KafkaClients clients;
    private final KafkaTopics topics;

    /** Connects to nobody yet. */
    public KafkaDecisionStreams(KafkaSettings settings) {
        this.clients = new KafkaClients(settings);
        this.topics = new KafkaTopics(clients, settings);
    }

    @Override
    public DecisionStream of(LaneId lane) {
        return new KafkaDecisionStream(clients, topics, lane);
    }
}
