/** What the EVM wants: keccak-256, and values as words of its ABI. */
@NullMarked
package openledger.commitment.evm;

import org.jspecify.annotations.NullMarked;
