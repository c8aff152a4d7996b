/** Which lane a router serves, and which of others it finishes. */
@NullMarked
package openledger.wiring.lanes;

import org.jspecify.annotations.NullMarked;
