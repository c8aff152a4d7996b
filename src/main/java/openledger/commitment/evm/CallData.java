package openledger.commitment.evm;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import openledger.unit.Address;
import openledger.unit.Hash32;

/**
 * Encodes a call by Solidity's ABI: static values in place, dynamic ones behind them with an offset in place. By hand, because web3j's
 * writer finds struct types by reflection. Confined to one thread.
 */
public final class CallData {
    /** Bytes of a word. */
    public static final int WORD = 32;

    private static final int SELECTOR = 4;

    private final byte[] selector;
    private final List<Part> parts = new ArrayList<>();

    private CallData(byte[] selector) {
        this.selector = selector;
    }

    /** A call of a function by its signature. */
    public static CallData of(String signature) {
        byte[] hash = Keccak256.digest(signature.getBytes(StandardCharsets.US_ASCII));
        byte[] selector = new byte[SELECTOR];
        System.arraycopy(hash, 0, selector, 0, SELECTOR);
        return new CallData(selector);
    }

    /** A tuple or an array's elements inside a call. */
    public static CallData nested() {
        return new CallData(new byte[0]);
    }

    public CallData number(long value) {
        byte[] word = new byte[WORD];
        for (int i = 0; i < Long.BYTES; i++) {
            word[WORD - 1 - i] = (byte) (value >>> (Byte.SIZE * i));
        }
        return words(word);
    }

    public CallData address(Address value) {
        byte[] word = new byte[WORD];
        value.copyTo(word, WORD - Address.BYTES);
        return words(word);
    }

    public CallData hash(Hash32 value) {
        return words(value.bytes());
    }

    /** Words that are encoded already. */
    public CallData words(byte[] words) {
        parts.add(new Part(words, false));
        return this;
    }

    /** A value of dynamic type: {@code bytes}. */
    public CallData bytes(byte[] value) {
        byte[] padded = new byte[Math.ceilDiv(value.length, WORD) * WORD];
        System.arraycopy(value, 0, padded, 0, value.length);
        return dynamic(nested().number(value.length).words(padded));
    }

    /** A value of dynamic type: its encoding, without the offset. */
    public CallData dynamic(CallData value) {
        parts.add(new Part(value.encode(), true));
        return this;
    }

    public byte[] encode() {
        int head = parts.stream()
                .mapToInt(part -> part.isDynamic ? WORD : part.words.length)
                .sum();
        ByteArrayOutputStream heads = new ByteArrayOutputStream();
        ByteArrayOutputStream tails = new ByteArrayOutputStream();
        heads.writeBytes(selector);
        for (Part part : parts) {
            if (part.isDynamic) {
                heads.writeBytes(nested().number(head + tails.size()).encode());
                tails.writeBytes(part.words);
            } else {
                heads.writeBytes(part.words);
            }
        }
        heads.writeBytes(tails.toByteArray());
        return heads.toByteArray();
    }

    @SuppressWarnings("ArrayRecordComponent") // never compared
    private record Part(byte[] words, boolean isDynamic) {}
}
