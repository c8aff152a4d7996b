package openledger.inference.record;

/**
 * Tokens of one answer, as its provider counts them, each 0 or more; 0 as well where it does not say.
 *
 * @param input tokens of the prompt, those in the provider's cache included
 * @param cached of these, read from the cache
 * @param cacheWritten of these, written into the cache
 * @param output tokens of the answer, reasoning included
 * @param reasoning of these, reasoning
 */
public record TokenUsage(long input, long cached, long cacheWritten, long output, long reasoning) {}
