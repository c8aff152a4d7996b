/** Decides what is next for a lane from what is. Pure. */
@NullMarked
package openledger.settlement.decide;

import org.jspecify.annotations.NullMarked;
