package openledger.commitment.stake;

import java.util.List;
import openledger.commitment.BatchHeader;
import openledger.commitment.evm.CallData;
import openledger.unit.Hash32;

/**
 * A leaf, its place in its lane's log and the batch that was committed with it, as a vault is shown it ({@code Placed} in {@code
 * contracts/src/stake/StakeTypes.sol}). Whether it stands there the contract checks. Immutable.
 *
 * @param header of the batch
 * @param committedAt time of the batch's block, Unix s
 * @param leaf its bytes, of any length; never changed after construction
 * @param index its place in the log, from 0
 * @param path neighbours on the way up to the header's root, from the bottom (RFC 9162)
 */
@SuppressWarnings("ArrayRecordComponent") // bytes to be sent; nobody compares them
public record ShownLeaf(BatchHeader header, long committedAt, byte[] leaf, long index, List<Hash32> path) {
    /** Its type in the signatures of the vault's functions. */
    public static final String ABI_TYPE = "(" + BatchHeader.ABI_TYPE + ",uint64,bytes,uint64,bytes32[])";
    /** The type of {@link #alone}. */
    public static final String ALONE_ABI_TYPE = "(bytes,uint64,bytes32[])";

    public ShownLeaf {
        path = List.copyOf(path);
    }

    /** The value of {@link #ABI_TYPE}. */
    CallData abi() {
        return CallData.nested()
                .words(header.encode())
                .number(committedAt)
                .bytes(leaf)
                .number(index)
                .dynamic(pathAbi());
    }

    /** The same without the header and its time ({@code LeafAt}). */
    CallData alone() {
        return CallData.nested().bytes(leaf).number(index).dynamic(pathAbi());
    }

    private CallData pathAbi() {
        CallData hashes = CallData.nested().number(path.size());
        path.forEach(hashes::hash);
        return hashes;
    }
}
