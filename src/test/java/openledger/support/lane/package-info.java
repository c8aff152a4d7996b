/** Lanes whose batches are made by hand. */
@NullMarked
package openledger.support.lane;

import org.jspecify.annotations.NullMarked;
