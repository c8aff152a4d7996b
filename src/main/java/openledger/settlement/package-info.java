/**
 * Takes decisions to the chain: cuts batches from the journal, submits them, follows their level and survives whatever
 * happens to chain, database and itself. Decisions about what to do next are pure; ports say what the outside must do.
 */
@NullMarked
package openledger.settlement;

import org.jspecify.annotations.NullMarked;
