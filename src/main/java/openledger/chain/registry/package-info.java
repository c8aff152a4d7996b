/** The registry contract: its calls, events and deployment, and the evidence read from it. */
@NullMarked
package openledger.chain.registry;

import org.jspecify.annotations.NullMarked;
