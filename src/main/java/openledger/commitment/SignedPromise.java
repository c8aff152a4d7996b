package openledger.commitment;

import java.nio.charset.StandardCharsets;
import openledger.commitment.leaf.RequestCommitment;
import openledger.commitment.tree.AbiWords;
import openledger.commitment.tree.Keccak256;
import openledger.commitment.tree.MerkleTree;
import openledger.unit.Address;
import openledger.unit.Hash32;
import openledger.unit.RequestId;

/**
 * The promise of a signed receipt: a leaf with this commitment will be on chain by a certain time. If none is, the signature proves the
 * breach. Typed data of EIP-712, domain {@code OpenLedger}, version {@code 1}, for a chain and its registry. Signing is not done here.
 *
 * @param request its name, which contains the lane
 * @param commitment {@link RequestCommitment} of the request
 * @param leafHash {@link MerkleTree#leafHash} of its outcome; {@link Hash32#ZERO} while the outcome is not known
 * @param anchorBy Unix seconds; the batch's block has at most this time
 */
public record SignedPromise(RequestId request, Hash32 commitment, Hash32 leafHash, long anchorBy) {
    /** EIP-712 type of the promise. */
    public static final String TYPE =
            "Promise(uint64 lane,uint128 requestId,bytes32 requestCommitment,bytes32 leafHash,uint64 anchorBy)";

    private static final Hash32 TYPE_HASH = keccak(TYPE);
    private static final Hash32 DOMAIN_TYPE_HASH =
            keccak("EIP712Domain(string name,string version,uint256 chainId,address verifyingContract)");
    private static final Hash32 NAME_HASH = keccak("OpenLedger");
    private static final Hash32 VERSION_HASH = keccak("1");
    private static final byte[] PREFIX = {0x19, 0x01};

    /** {@code hashStruct} of the promise. */
    public Hash32 structHash() {
        return new AbiWords(6)
                .hash(TYPE_HASH)
                .number(request.lane())
                .number(request.lane(), request.counter())
                .hash(commitment)
                .hash(leafHash)
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
