/** What a lane has at risk: the terms of a vault, as its contract has them. */
@NullMarked
package openledger.commitment.stake;

import org.jspecify.annotations.NullMarked;
