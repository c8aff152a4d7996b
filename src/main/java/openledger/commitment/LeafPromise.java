package openledger.commitment;

import java.nio.charset.StandardCharsets;
import openledger.commitment.evm.AbiWords;
import openledger.commitment.evm.Keccak256;
import openledger.commitment.leaf.LeafKind;
import openledger.commitment.log.LogHasher;
import openledger.unit.Address;
import openledger.unit.Hash32;
import openledger.unit.RequestKey;

/**
 * That a leaf of a request will be on chain by a certain time: what certificate logs call a signed certificate timestamp (RFC 9162, section
 * 4.8). If there is none by then, the signature proves the breach. Typed data of EIP-712, domain {@code OpenLedger}, version {@code 2}, for
 * a chain and its registry. Signing is not done here.
 *
 * @param lane whose log the leaf will be in
 * @param request what the leaf calls its request
 * @param kind which of the request's leaves
 * @param leafHash {@link LogHasher#entry} of the leaf; {@link Hash32#ZERO} while it is not known
 * @param signedAt Unix seconds
 * @param anchorBy Unix seconds, at most {@link #LONGEST} after it was signed; the batch's block has at most this time
 */
public record LeafPromise(long lane, RequestKey request, LeafKind kind, Hash32 leafHash, long signedAt, long anchorBy) {
    /** EIP-712 type of the promise. */
    public static final String TYPE =
            "Promise(uint64 lane,bytes32 requestKey,uint8 kind,bytes32 leafHash,uint64 signedAt,uint64 anchorBy)";
    /** Longest time from the signature to what it promises, seconds: whoever holds something against it knows when that is over. */
    public static final long LONGEST = 3_600;

    private static final Hash32 TYPE_HASH = keccak(TYPE);
    private static final Hash32 DOMAIN_TYPE_HASH =
            keccak("EIP712Domain(string name,string version,uint256 chainId,address verifyingContract)");
    private static final Hash32 NAME_HASH = keccak("OpenLedger");
    private static final Hash32 VERSION_HASH = keccak("2");
    private static final byte[] PREFIX = {0x19, 0x01};

    /** {@code hashStruct} of the promise. */
    public Hash32 structHash() {
        return new AbiWords(7)
                .hash(TYPE_HASH)
                .number(lane)
                .hash(request.word())
                .number(kind.code())
                .hash(leafHash)
                .number(signedAt)
                .number(anchorBy)
                .keccak();
    }

    /** What is signed. */
    public Hash32 digest(long chainId, Address registry) {
        return new Keccak256()
                .add(PREFIX)
                .add(domainSeparator(chainId, registry).bytes())
                .add(structHash().bytes())
                .finish();
    }

    /** The domain of a registry on a chain. */
    public static Hash32 domainSeparator(long chainId, Address registry) {
        return new AbiWords(5)
                .hash(DOMAIN_TYPE_HASH)
                .hash(NAME_HASH)
                .hash(VERSION_HASH)
                .number(chainId)
                .address(registry)
                .keccak();
    }

    private static Hash32 keccak(String text) {
        return new Keccak256().add(text.getBytes(StandardCharsets.US_ASCII)).finish();
    }
}
