package openledger.inference.upstream;

/** The unit of a provider's rate limit. */
public enum LimitKind {
    REQUESTS,
    TOKENS,
    INPUT_TOKENS,
    OUTPUT_TOKENS
}
