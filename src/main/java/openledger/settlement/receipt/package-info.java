/** The parts of receipts: batches, levels, policies, signatures. */
@NullMarked
package openledger.settlement.receipt;

import org.jspecify.annotations.NullMarked;
