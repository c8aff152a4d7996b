/** Proofs of what an EVM chain's state holds: block headers, accounts and storage, and where the registry keeps what. */
@NullMarked
package openledger.commitment.state;

import org.jspecify.annotations.NullMarked;
