package openledger.wiring.stream;

import java.time.Duration;
import openledger.kafka.KafkaSettings;
import openledger.stream.TenantNames;

/**
 * How decisions are streamed.
 *
 * @param kafka where to
 * @param tenants what the stream calls tenants
 * @param longestLag how long after its retention the journal waits for the stream
 */
public record StreamSettings(KafkaSettings kafka, TenantNames tenants, Duration longestLag) {}
