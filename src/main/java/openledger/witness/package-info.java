/** The adapter to the witnesses of the log: HTTP. What they answer is untrusted input: bounded here, verified by who asked. */
@NullMarked
package openledger.witness;

import org.jspecify.annotations.NullMarked;
