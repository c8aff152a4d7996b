/** The stream of decisions, from the configuration to its start and its end. */
@NullMarked
package openledger.wiring.stream;

import org.jspecify.annotations.NullMarked;
