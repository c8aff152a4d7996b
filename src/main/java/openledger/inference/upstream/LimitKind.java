package openledger.inference.upstream;

/** What a provider counts when it limits us. */
public enum LimitKind {
    REQUESTS,
    TOKENS,
    INPUT_TOKENS,
    OUTPUT_TOKENS
}
