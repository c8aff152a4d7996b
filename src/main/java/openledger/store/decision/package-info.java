/** Decisions derived from the journal, and their partitions. */
@NullMarked
package openledger.store.decision;

import org.jspecify.annotations.NullMarked;
