package openledger.inference.admission;

import openledger.routing.Operation;

/** How many tokens a request may take, before anybody knows: a token for four bytes, and as many as each of its answers may have. */
public final class TokenEstimate {
    private static final int BYTES_A_TOKEN = 4;
    /** Of an answer whose client names no maximum. */
    private static final long USUAL_OUTPUT = 1_024;

    private TokenEstimate() {}

    /** 0 or more. */
    public static long of(Operation operation, RequestBody body) {
        long input = Math.ceilDiv(body.received().length, BYTES_A_TOKEN);
        return switch (operation) {
            case COUNT_TOKENS -> 0;
            case EMBEDDINGS -> input;
            case CHAT -> input + body.choices() * body.mostOutput().orElse(USUAL_OUTPUT);
            case RESPONSES, MESSAGES -> input + body.mostOutput().orElse(USUAL_OUTPUT);
        };
    }
}
