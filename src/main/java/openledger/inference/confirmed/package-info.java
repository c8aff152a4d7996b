/** Confirmed mode: epochs, plans that are pinned and confirmed by the chain, and the retry loop that follows a plan. */
@NullMarked
package openledger.inference.confirmed;

import org.jspecify.annotations.NullMarked;
