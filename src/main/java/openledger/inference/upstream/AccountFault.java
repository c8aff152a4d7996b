package openledger.inference.upstream;

/** A fault of the operator's account at a provider: no client can fix it, and none is shown it. */
public enum AccountFault {
    /** The key is missing, unknown, revoked or expired. */
    CREDENTIAL,
    /** Nothing is left to pay with, or billing is not set up. */
    BILLING,
    /** The account has used what it may use in a period of days. */
    QUOTA,
    /** The account or its organization is suspended, deactivated or restricted. */
    SUSPENDED
}
