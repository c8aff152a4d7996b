package openledger.commitment.verify;

import openledger.unit.Address;
import openledger.unit.Hash32;

/**
 * The registry that ships with this verifier ({@code contracts/artifacts}). A verification without a named registry compares the receipt's
 * registry with this one, and never trusts the receipt for it. A test compares both with the artifact.
 */
public final class RegistryCode {
    /**
     * Where the deployment proxy puts this code on every chain (CREATE2 of EIP-1014, salt zero). The address follows from the code that
     * created the contract, so nothing but an empty registry of this code can have begun there.
     */
    public static final Address ADDRESS = Address.parse("0xdb3d9663024b115b4e09eda1c9e99a4ba14e117f");

    /** keccak-256 of the code on chain; it has no immutables, so it is the same wherever it was deployed. */
    public static final Hash32 HASH =
            Hash32.parse("0xee6133f88fc419c8fac6e32501ddac986562ff44f61cd43a7fdb212d089362d4");

    private RegistryCode() {}
}
