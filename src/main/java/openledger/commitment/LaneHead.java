package openledger.commitment;

import openledger.commitment.evm.AbiWords;
import openledger.unit.Address;
import openledger.unit.Hash32;

/**
 * Which header a lane has given a sequence to. A lane gives it once: two heads of one sequence convict it, also where the chain has
 * forgotten both. Typed data of EIP-712 ({@link RegistryDomain}). Signing is not done here. Immutable.
 *
 * @param lane whose batch it is
 * @param sequence of the batch, from 1
 * @param head {@link BatchHeader#head}
 */
public record LaneHead(long lane, long sequence, Hash32 head) {
    /** EIP-712 type of the head. */
    public static final String TYPE = "Head(uint64 lane,uint64 sequence,bytes32 head)";

    private static final Hash32 TYPE_HASH = RegistryDomain.typeHash(TYPE);

    /** That of a batch. */
    public static LaneHead of(BatchHeader header) {
        return new LaneHead(header.lane().value(), header.sequence(), header.head());
    }

    /** {@code hashStruct} of the head. */
    public Hash32 structHash() {
        return new AbiWords(4)
                .hash(TYPE_HASH)
                .number(lane)
                .number(sequence)
                .hash(head)
                .keccak();
    }

    /** What is signed. */
    public Hash32 digest(long chainId, Address registry) {
        return new RegistryDomain(chainId, registry).digest(structHash());
    }
}
