package openledger.chain.vault;

import java.util.Arrays;
import openledger.chain.registry.ContractArtifact;
import openledger.commitment.evm.Keccak256;
import openledger.commitment.stake.VaultTerms;
import openledger.unit.Address;
import openledger.unit.Hash32;

/** The contracts of a vault, as this build has them: other terms or another registry are another vault, at another address. Immutable. */
public final class VaultContracts {
    private static final ContractArtifact VAULT = ContractArtifact.load("StakeVault");
    private static final ContractArtifact RULES = ContractArtifact.load("RuleBook");
    private static final ContractArtifact ANSWERS = ContractArtifact.load("Answers");
    /** Head of the list of an address and a nonce of one byte (RLP), from which the address of a contract's creature is made. */
    private static final byte[] LIST_HEAD = {(byte) 0xd6, (byte) 0x94};

    private final ContractArtifact vault;

    /** The vault for lanes of a registry with some terms. */
    public VaultContracts(Address registry, VaultTerms terms) {
        byte[] arguments = new byte[Hash32.BYTES + VaultTerms.BYTES];
        registry.copyTo(arguments, Hash32.BYTES - Address.BYTES);
        System.arraycopy(terms.encode(), 0, arguments, Hash32.BYTES, VaultTerms.BYTES);
        this.vault = VAULT.with(arguments);
    }

    public ContractArtifact vault() {
        return vault;
    }

    /** The rule book, which each vault creates for itself. */
    public static ContractArtifact rules() {
        return RULES;
    }

    /** Where the vault's rule book is: the first contract that it has created. */
    public Address rulesAddress() {
        byte[] list = Arrays.copyOf(LIST_HEAD, LIST_HEAD.length + Address.BYTES + 1);
        vault.address().copyTo(list, LIST_HEAD.length);
        list[list.length - 1] = 1;
        return ContractArtifact.tail(Keccak256.digest(list));
    }

    /** Answers to many games at once, for every vault. */
    public static ContractArtifact answers() {
        return ANSWERS;
    }
}
