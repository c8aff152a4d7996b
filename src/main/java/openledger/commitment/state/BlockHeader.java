package openledger.commitment.state;

import java.util.List;
import openledger.commitment.evm.Keccak256;
import openledger.unit.Hash32;

/**
 * The header of an EVM chain's block, as far as proofs need it. Its hash binds all of it, so whoever knows the hash knows the state.
 *
 * @param hash keccak-256 of its encoding
 * @param number of the block
 * @param timeSeconds its time stamp, Unix seconds
 * @param stateRoot of the trie of all accounts after the block
 */
public record BlockHeader(Hash32 hash, long number, long timeSeconds, Hash32 stateRoot) {
    /** Bytes of the longest header that is read. */
    public static final int LONGEST = 4_096;

    /** Fields since the first block; each fork since London has added some behind them. */
    private static final int LEAST_FIELDS = 15;

    private static final int MOST_FIELDS = 32;
    private static final int STATE_ROOT = 3;
    private static final int NUMBER = 8;
    private static final int TIME = 11;

    /**
     * Reads an encoded header. Fields that it does not know are covered by the hash alone.
     *
     * @throws IllegalArgumentException if the bytes are no header
     */
    public static BlockHeader parse(byte[] encoded) {
        if (encoded.length > LONGEST) {
            throw new IllegalArgumentException("a block's header has more than " + LONGEST + " bytes");
        }
        List<RlpItem> fields = RlpItem.parse(encoded).items(MOST_FIELDS);
        if (fields.size() < LEAST_FIELDS || fields.stream().anyMatch(RlpItem::isList)) {
            throw new IllegalArgumentException("a block's header has other fields");
        }
        return new BlockHeader(
                Hash32.of(Keccak256.digest(encoded)),
                fields.get(NUMBER).number(),
                fields.get(TIME).number(),
                fields.get(STATE_ROOT).hash());
    }
}
