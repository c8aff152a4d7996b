package openledger.settlement.ledger;

import java.time.Duration;
import openledger.unit.Address;
import openledger.unit.Hash32;

/**
 * The chain as it was at one block.
 *
 * @param latest that block
 * @param safe newest block tagged {@code safe}; {@link #NO_BLOCK} if there is none yet
 * @param finalized newest block tagged {@code finalized}; {@link #NO_BLOCK} if there is none yet
 * @param nonce how many transactions of our account are in blocks up to {@code latest}
 * @param lane the registry's entry of our lane
 * @param roundTrip how long the node took to answer a question
 */
public record LedgerView(
        BlockRef latest, BlockRef safe, BlockRef finalized, long nonce, Lane lane, Duration roundTrip) {
    /** Where a young chain has no block of a tag yet. */
    public static final BlockRef NO_BLOCK = new BlockRef(0, Hash32.ZERO);

    /** What the registry says of a lane. */
    public sealed interface Lane {
        /** There is no registry at that address. */
        record NoRegistry() implements Lane {}

        /** Nobody has opened the lane. */
        record NotOpen() implements Lane {}

        /**
         * It is open.
         *
         * @param owner the account that owns it
         * @param committer the one account that may commit
         * @param signer the key whose signatures count now
         * @param ours what our signing key is to it
         * @param sequence of its last batch, 0 if there is none
         * @param head of its last batch, {@link Hash32#ZERO} if there is none
         */
        record Open(Address owner, Address committer, Address signer, SigningKey ours, long sequence, Hash32 head)
                implements Lane {}
    }

    /** What a key is to a lane. */
    public enum SigningKey {
        /** It was never the lane's. */
        UNKNOWN,
        /** It signs. */
        SIGNS,
        /** It signed once, and never will again. */
        RETIRED
    }
}
