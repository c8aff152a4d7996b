package openledger.commitment.leaf;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
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
        /** Bytes of an attempt's number, its five counts, and the length of its model. */
        private static final int WITHOUT_MODEL = 1 + 5 * Long.BYTES + 1;

        public Usage {
            long least = Math.min(Math.min(Math.min(input, cached), Math.min(cacheWritten, output)), reasoning);
            if (least < UNKNOWN) {
                throw new IllegalArgumentException("usage: a number of tokens is 0 or more, or unknown: " + least);
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
        List<byte[]> models = new ArrayList<>(attempts.size());
        int length = 2 + Hash32.BYTES;
        for (Usage usage : attempts) {
            byte[] model = usage.model.getBytes(StandardCharsets.UTF_8);
            models.add(model);
            length += Usage.WITHOUT_MODEL + model.length;
        }
        ByteBuffer out = ByteBuffer.allocate(length).put((byte) VERSION).put((byte) attempts.size());
        for (int i = 0; i < attempts.size(); i++) {
            Usage usage = attempts.get(i);
            out.put((byte) usage.attempt)
                    .putLong(usage.input)
                    .putLong(usage.cached)
                    .putLong(usage.cacheWritten)
                    .putLong(usage.output)
                    .putLong(usage.reasoning)
                    .put((byte) models.get(i).length)
                    .put(models.get(i));
        }
        return out.put(priceTable.bytes()).array();
    }
}
