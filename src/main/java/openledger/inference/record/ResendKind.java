package openledger.inference.record;

/** What became of a request that was sent again. */
public enum ResendKind {
    /** It joined its ledger while a client was there or a call in flight. */
    JOINED,
    /** It went on with what was left of a ledger whose client had gone. */
    CONTINUED,
    /** It was answered from what had been kept. */
    REPEATED,
    /** It said nothing about itself but equals a request whose client has just gone: a new request, counted as a likely resend. */
    SUSPECTED
}
