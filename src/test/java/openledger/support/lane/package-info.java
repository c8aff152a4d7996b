/** Lanes whose batches are made by hand, and one that a router defends. */
@NullMarked
package openledger.support.lane;

import org.jspecify.annotations.NullMarked;
