package openledger.settlement.ledger;

import openledger.unit.Hash32;
import openledger.unit.Wei;

/**
 * A transaction as it is sent, and sent again after a reorg: the same bytes.
 *
 * @param hash its name on the chain
 * @param raw RLP as in EIP-1559; never changed after construction
 * @param nonce of the sender
 * @param maxFee most wei a unit of gas
 * @param priorityFee of that, for the sequencer
 */
@SuppressWarnings("ArrayRecordComponent") // bytes to be sent; compared by hash
public record SignedTransaction(Hash32 hash, byte[] raw, long nonce, Wei maxFee, Wei priorityFee) {}
