package openledger.commitment.evm;

import openledger.unit.Address;
import openledger.unit.Hash32;

/** Builds what Solidity's {@code abi.encode} makes of static values: words of 32 bytes, numbers big-endian. Confined to one thread. */
public final class AbiWords {
    private static final int WORD = 32;

    private final byte[] bytes;
    private int end;

    /** Room for so many words; all of them are to be given. */
    public AbiWords(int words) {
        bytes = new byte[words * WORD];
    }

    /** A number that is not negative. */
    public AbiWords number(long value) {
        return number(0, value);
    }

    /** A number of 128 bits. */
    public AbiWords number(long high, long low) {
        end += WORD;
        for (int i = 0; i < Long.BYTES; i++) {
            bytes[end - 1 - i] = (byte) (low >>> (Byte.SIZE * i));
            bytes[end - 1 - Long.BYTES - i] = (byte) (high >>> (Byte.SIZE * i));
        }
        return this;
    }

    public AbiWords address(Address value) {
        end += WORD;
        value.copyTo(bytes, end - Address.BYTES);
        return this;
    }

    public AbiWords hash(Hash32 value) {
        value.copyTo(bytes, end);
        end += WORD;
        return this;
    }

    /** The words; not a copy. */
    public byte[] bytes() {
        if (end != bytes.length) {
            throw new IllegalStateException("a word is missing");
        }
        return bytes;
    }

    /** Keccak-256 of the words. */
    public Hash32 keccak() {
        return new Keccak256().add(bytes()).finish();
    }
}
