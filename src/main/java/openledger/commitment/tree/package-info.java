/** Keccak-256, Solidity's words, and Merkle trees in the shape of RFC 9162. */
@NullMarked
package openledger.commitment.tree;

import org.jspecify.annotations.NullMarked;
