/**
 * Takes decisions to the chain: cuts batches from the journal, submits them, follows their level and recovers from failures of the chain,
 * the database and itself. Decisions about what to do next are pure; ports define what the other rooms must do.
 */
@NullMarked
package openledger.settlement;

import org.jspecify.annotations.NullMarked;
