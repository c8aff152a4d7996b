package openledger.commitment;

import openledger.commitment.evm.AbiWords;
import openledger.commitment.leaf.LeafKind;
import openledger.commitment.log.LogHasher;
import openledger.unit.Address;
import openledger.unit.Hash32;
import openledger.unit.RequestKey;

/**
 * That a leaf of a request will be on chain by a certain time: what certificate logs call a signed certificate timestamp (RFC 9162, section
 * 4.8). If there is none by then, the signature proves the breach. Typed data of EIP-712 ({@link RegistryDomain}). Signing is not done here.
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

    private static final Hash32 TYPE_HASH = RegistryDomain.typeHash(TYPE);

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
        return new RegistryDomain(chainId, registry).digest(structHash());
    }
}
