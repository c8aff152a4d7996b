package openledger.commitment;

import java.nio.charset.StandardCharsets;
import openledger.commitment.evm.AbiWords;
import openledger.commitment.evm.Keccak256;
import openledger.unit.Address;
import openledger.unit.Hash32;

/**
 * For whom a lane's key signs typed data of EIP-712: domain {@code OpenLedger}, version {@code 2}, for a chain and its registry. Immutable.
 *
 * @param chainId of the chain (EIP-155)
 * @param registry the contract that knows the lane and its keys
 */
public record RegistryDomain(long chainId, Address registry) {
    private static final Hash32 TYPE_HASH =
            typeHash("EIP712Domain(string name,string version,uint256 chainId,address verifyingContract)");
    private static final Hash32 NAME_HASH = typeHash("OpenLedger");
    private static final Hash32 VERSION_HASH = typeHash("2");
    private static final byte[] PREFIX = {0x19, 0x01};

    /** The hash of the domain itself. */
    public Hash32 separator() {
        return new AbiWords(5)
                .hash(TYPE_HASH)
                .hash(NAME_HASH)
                .hash(VERSION_HASH)
                .number(chainId)
                .address(registry)
                .keccak();
    }

    /**
     * What is signed.
     *
     * @param structHash {@code hashStruct} of the data
     */
    public Hash32 digest(Hash32 structHash) {
        return digest(separator().bytes(), structHash);
    }

    /**
     * The same for whoever needs many.
     *
     * @param separator of a domain
     */
    public static Hash32 digest(byte[] separator, Hash32 structHash) {
        return new Keccak256()
                .add(PREFIX)
                .add(separator)
                .add(structHash.bytes())
                .finish();
    }

    /** The hash of the text of a type, in ASCII. */
    static Hash32 typeHash(String text) {
        return new Keccak256().add(text.getBytes(StandardCharsets.US_ASCII)).finish();
    }
}
