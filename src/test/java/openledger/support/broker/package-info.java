/** A broker of Kafka for tests, and what is in its topics. */
@NullMarked
package openledger.support.broker;

import org.jspecify.annotations.NullMarked;
