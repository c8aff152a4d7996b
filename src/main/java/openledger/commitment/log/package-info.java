/**
 * A transparency log: one append-only Merkle tree with SHA-256 (RFC 9162), its proofs and tiles, and the notes that its owner and
 * its witnesses sign (C2SP). Knows nothing of what the entries say.
 */
@NullMarked
package openledger.commitment.log;

import org.jspecify.annotations.NullMarked;
