package openledger.commitment.state;

import java.util.List;
import java.util.Optional;
import openledger.commitment.evm.Keccak256;
import openledger.unit.Address;
import openledger.unit.Hash32;

/**
 * An account as the state of a block has it.
 *
 * @param storageRoot of the trie of its slots
 * @param codeHash keccak-256 of its code, {@link Hash32#ZERO} if it has none
 */
public record ProvedAccount(Hash32 storageRoot, Hash32 codeHash) {
    private static final ProvedAccount NONE = new ProvedAccount(TrieProof.EMPTY_ROOT, Hash32.ZERO);
    private static final Hash32 NO_CODE = Hash32.of(Keccak256.digest(new byte[0]));
    private static final int FIELDS = 4;
    private static final int STORAGE = 2;
    private static final int CODE = 3;

    /**
     * The account at an address; one that was never used has neither code nor storage.
     *
     * @param proof nodes from the state's root on
     * @throws IllegalArgumentException if they do not prove it
     */
    static ProvedAccount of(Hash32 stateRoot, Address address, List<byte[]> proof) {
        Hash32 key = new Keccak256().add(address.bytes()).finish();
        Optional<byte[]> value = TrieProof.value(stateRoot, key, proof);
        if (value.isEmpty()) {
            return NONE;
        }
        List<RlpItem> fields = RlpItem.parse(value.get()).items(FIELDS);
        if (fields.size() != FIELDS) {
            throw new IllegalArgumentException("an account has other fields");
        }
        Hash32 code = fields.get(CODE).hash();
        return new ProvedAccount(fields.get(STORAGE).hash(), code.equals(NO_CODE) ? Hash32.ZERO : code);
    }

    /**
     * What a slot holds, {@link Hash32#ZERO} if nothing was written.
     *
     * @param proof nodes from the storage's root on
     * @throws IllegalArgumentException if they do not prove it
     */
    Hash32 word(Hash32 slot, List<byte[]> proof) {
        Hash32 key = new Keccak256().add(slot.bytes()).finish();
        // Zero is not kept, but some development nodes keep what was read; both say the same.
        return TrieProof.value(storageRoot, key, proof)
                .map(value -> RlpItem.parse(value).word())
                .orElse(Hash32.ZERO);
    }
}
