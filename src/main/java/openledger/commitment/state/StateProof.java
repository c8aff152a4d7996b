package openledger.commitment.state;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import openledger.unit.Address;
import openledger.unit.Hash32;

/**
 * What a node gives to prove slots of one contract in the state of a block (EIP-1186), with the header of that block. It proves nothing
 * about whether the block is part of any chain. Immutable.
 *
 * @param header the block's header, encoded; never changed after construction
 * @param account nodes from the state's root to the contract; never changed after construction
 * @param storage nodes from the storage's root to each slot, in the order in which they were asked for
 */
@SuppressWarnings("ArrayRecordComponent") // nobody compares proofs
public record StateProof(byte[] header, List<byte[]> account, Map<Hash32, List<byte[]>> storage) {
    /** Most nodes of a proof that is read. */
    public static final int MOST_NODES = TrieProof.MOST_NODES;
    /** Bytes of the longest node that is read. */
    public static final int LONGEST_NODE = TrieProof.LONGEST_NODE;

    public StateProof {
        account = List.copyOf(account);
        storage = Collections.unmodifiableMap(new LinkedHashMap<>(storage));
    }

    /** The block; {@link IllegalArgumentException} if the header is none. */
    public BlockHeader block() {
        return BlockHeader.parse(header);
    }

    /** The contract at an address; {@link IllegalArgumentException} if the nodes do not prove it. */
    public ProvedAccount account(Address address) {
        return ProvedAccount.of(block().stateRoot(), address, account);
    }

    /** What a slot of that contract holds, zero if nothing was written; {@link IllegalArgumentException} if the nodes do not prove it. */
    public Hash32 word(ProvedAccount contract, Hash32 slot) {
        List<byte[]> nodes = storage.get(slot);
        if (nodes == null) {
            throw new IllegalArgumentException("there is no proof of slot " + slot);
        }
        return contract.word(slot, nodes);
    }
}
