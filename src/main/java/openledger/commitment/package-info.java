/**
 * The commitments of decisions: leaves, trees, batches, levels, and the proofs of them. Ground floor: plain Java, same input, same output;
 * time and chance are arguments.
 */
@NullMarked
package openledger.commitment;

import org.jspecify.annotations.NullMarked;
