/** Decides the next steps of a lane from its state. Pure. */
@NullMarked
package openledger.settlement.decide;

import org.jspecify.annotations.NullMarked;
