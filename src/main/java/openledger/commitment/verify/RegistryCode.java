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
    public static final Address ADDRESS = Address.parse("0x713136f2e3782652c1ac3e713b9e202a21375583");

    /** keccak-256 of the code on chain; it has no immutables, so it is the same wherever it was deployed. */
    public static final Hash32 HASH =
            Hash32.parse("0x84aff0dc19d420c7390767143ae73141cb0ed4bcba20d5e8282f3aaf7a123fc1");

    private RegistryCode() {}
}
