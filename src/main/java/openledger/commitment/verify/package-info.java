/** A receipt held against itself, a node's testimony, and what its owner knows. */
@NullMarked
package openledger.commitment.verify;

import org.jspecify.annotations.NullMarked;
