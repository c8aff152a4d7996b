/** Batches cut from the journal: what goes in, when, and in which bytes. */
@NullMarked
package openledger.settlement.cut;

import org.jspecify.annotations.NullMarked;
