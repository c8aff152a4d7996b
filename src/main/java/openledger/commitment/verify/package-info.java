/** Verifies a receipt against itself, a node's answers, and what its owner knows. */
@NullMarked
package openledger.commitment.verify;

import org.jspecify.annotations.NullMarked;
