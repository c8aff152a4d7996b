package openledger.commitment.stake;

import java.math.BigInteger;
import java.util.Arrays;
import openledger.commitment.LeafPromise;
import openledger.commitment.evm.CallData;
import openledger.unit.Address;
import openledger.unit.Hash32;
import openledger.unit.LaneId;

/**
 * The words that a vault answers or tells, and some that it takes. Everything in an answer can be wrong: each reader throws {@link
 * IllegalArgumentException} then.
 */
final class VaultWords {
    /** {@code LeafPromise} of the contract. */
    static final String PROMISE = "(uint64,bytes32,uint8,bytes32,uint64,uint64)";

    private static final int LONG_BITS = 63;

    private final byte[] bytes;

    VaultWords(byte[] bytes, int words) {
        if (bytes.length != words * CallData.WORD) {
            throw new IllegalArgumentException(
                    "a vault's answer has " + words + " words, not " + bytes.length + " bytes");
        }
        this.bytes = bytes;
    }

    BigInteger amount(int word) {
        return new BigInteger(1, bytes, word * CallData.WORD, CallData.WORD);
    }

    long number(int word) {
        BigInteger value = amount(word);
        if (value.bitLength() > LONG_BITS) {
            throw new IllegalArgumentException("word " + word + " of a vault's answer is too large");
        }
        return value.longValue();
    }

    Hash32 hash(int word) {
        return Hash32.of(bytes, word * CallData.WORD);
    }

    Address address(int word) {
        int end = (word + 1) * CallData.WORD;
        return Address.of(Arrays.copyOfRange(bytes, end - Address.BYTES, end));
    }

    LaneId lane(int word) {
        return new LaneId(number(word));
    }

    VaultFault fault(int word) {
        long code = number(word);
        return VaultFault.of(code).orElseThrow(() -> new IllegalArgumentException("no fault has the code " + code));
    }

    /** The value of {@link #PROMISE}. */
    static byte[] of(LeafPromise promise) {
        return CallData.nested()
                .number(promise.lane())
                .hash(promise.request().word())
                .number(promise.kind().code())
                .hash(promise.leafHash())
                .number(promise.signedAt())
                .number(promise.anchorBy())
                .encode();
    }

    /** A number that fits a word. */
    static byte[] of(BigInteger value) {
        byte[] digits = value.toByteArray();
        byte[] word = new byte[CallData.WORD];
        int length = Math.min(digits.length, word.length);
        System.arraycopy(digits, digits.length - length, word, word.length - length, length);
        return word;
    }
}
