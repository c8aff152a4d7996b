package openledger.commitment.leaf;

import java.io.ByteArrayOutputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import openledger.unit.Hash32;

/**
 * What the providers say that the attempts of a request took, and the prices in force: the part of an {@link OutcomeCommitment} that bills
 * can be held against. Immutable.
 *
 * @param attempts those that a provider answered, in the order taken, at most 255
 * @param priceTable hash of the price table in force, {@link Hash32#ZERO} if there is none
 */
public record UsageRecord(List<Usage> attempts, Hash32 priceTable) {
    /** A number of tokens that the provider does not say. */
    public static final long UNKNOWN = -1;
    /** Of a request that nobody answered, without prices. */
    public static final UsageRecord NONE = new UsageRecord(List.of(), Hash32.ZERO);

    private static final int VERSION = 1;
    private static final int MOST = 255;

    public UsageRecord {
        attempts = List.copyOf(attempts);
        if (attempts.size() > MOST) {
            throw new IllegalArgumentException("usage: at most 255 attempts, not " + attempts.size());
        }
    }

    /**
     * Tokens of one answer, as its provider counts them, each {@link #UNKNOWN} or 0 and more.
     *
     * @param attempt its number, from 1
     * @param input tokens of the prompt, those of the provider's cache included
     * @param cached of these, read from the cache
     * @param cacheWritten of these, written into the cache
     * @param output tokens of the answer, reasoning included
     * @param reasoning of these, reasoning
     * @param model that the provider names in its answer, at most 255 bytes of UTF-8, empty if it does not say
     */
    public record Usage(
            int attempt, long input, long cached, long cacheWritten, long output, long reasoning, String model) {
        public Usage {
            for (long tokens : List.of(input, cached, cacheWritten, output, reasoning)) {
                if (tokens < UNKNOWN) {
                    throw new IllegalArgumentException("usage: a number of tokens is 0 or more, or unknown: " + tokens);
                }
            }
            if (attempt < 1 || attempt > MOST || model.getBytes(StandardCharsets.UTF_8).length > MOST) {
                throw new IllegalArgumentException("usage: attempts are 1..255, and a model has at most 255 bytes");
            }
        }
    }

    /**
     * The one form it has in bytes: {@code u8 version = 1 ‖ u8 attempts ‖ … ‖ price table(32)}, an attempt {@code u8 number ‖ u64 input ‖
     * u64 cached ‖ u64 cache written ‖ u64 output ‖ u64 reasoning ‖ u8 length ‖ model}, numbers big-endian, 2⁶⁴ − 1 if unknown.
     */
    public byte[] bytes() {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        DataOutputStream out = new DataOutputStream(bytes);
        try {
            out.writeByte(VERSION);
            out.writeByte(attempts.size());
            for (Usage usage : attempts) {
                byte[] model = usage.model.getBytes(StandardCharsets.UTF_8);
                out.writeByte(usage.attempt);
                out.writeLong(usage.input);
                out.writeLong(usage.cached);
                out.writeLong(usage.cacheWritten);
                out.writeLong(usage.output);
                out.writeLong(usage.reasoning);
                out.writeByte(model.length);
                out.write(model);
            }
            out.write(priceTable.bytes());
        } catch (IOException e) {
            throw new UncheckedIOException("memory can be written to", e);
        }
        return bytes.toByteArray();
    }
}
