package openledger.settlement.ledger;

/** The outcome of sending a transaction. After anything but {@link Included}, only its receipt is decisive. */
public sealed interface Submission {
    /** It is in a block. */
    record Included(Inclusion inclusion) implements Submission {}

    /** The node has it, now or from before. */
    record Pending() implements Submission {}

    /** The sender's nonce has been used, by this transaction or by another. */
    record NonceUsed() implements Submission {}

    /** The node waits for a transaction with a lower nonce. */
    record NonceGap() implements Submission {}

    /** It pays too little, to get in or to replace another of its nonce. */
    record Underpriced() implements Submission {}

    /** The node says it can never be; {@code reason} is the node's, cleaned and cut. */
    record Refused(String reason) implements Submission {}

    /** Nobody answered, or not in time, or not in words we understand. */
    record Unknown(String reason) implements Submission {}
}
