/** A lane's way to the chain: its lease, its batches, its secret. */
@NullMarked
package openledger.store.lane;

import org.jspecify.annotations.NullMarked;
