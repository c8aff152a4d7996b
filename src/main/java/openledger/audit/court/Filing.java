package openledger.audit.court;

import openledger.unit.Hash32;
import openledger.unit.Wei;

/** What became of a transaction. */
public sealed interface Filing {
    /**
     * It is in a block and did what it says.
     *
     * @param spent fees, those for data on L1 included where the node says them; without the value
     */
    record Done(Hash32 transaction, long block, Wei spent) implements Filing {}

    /** It is in a block, and the contract refused it there. */
    record Reverted(Hash32 transaction, long block, Wei spent) implements Filing {}

    /** It was sent and is in no block yet, or it is not known whether it was: ask the contract before it is sent again. */
    record Unsettled(String reason) implements Filing {}

    /** It was not sent: the fee is above the cap, the account has not enough, or no node takes it. */
    record NotSent(String reason) implements Filing {}
}
