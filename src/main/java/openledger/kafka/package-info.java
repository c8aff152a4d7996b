/** Where the stream goes: topics of Kafka. */
@NullMarked
package openledger.kafka;

import org.jspecify.annotations.NullMarked;
