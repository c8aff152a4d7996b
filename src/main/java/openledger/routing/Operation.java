package openledger.routing;

import java.util.Optional;

/** What a client asks a route to do. The code is the one in records and never changes its meaning. */
public enum Operation {
    /** OpenAI's chat completions. */
    CHAT(0, "chat"),
    /** OpenAI's embeddings. */
    EMBEDDINGS(1, "embeddings"),
    /** OpenAI's responses. */
    RESPONSES(2, "responses"),
    /** Anthropic's messages. */
    MESSAGES(3, "messages"),
    /** Anthropic's count of the tokens of a message that is not asked for. */
    COUNT_TOKENS(4, "count_tokens");

    private static final Operation[] BY_CODE = values();
    private final int code;
    private final String word;

    Operation(int code, String word) {
        this.code = code;
        this.word = word;
    }

    /** The number that stands for this operation in records, 0 to 127. */
    public int code() {
        return code;
    }

    /** The word in configuration, answers and metrics. */
    public String word() {
        return word;
    }

    /** The operation of that word. */
    public static Optional<Operation> ofWord(String word) {
        for (Operation operation : BY_CODE) {
            if (operation.word.equals(word)) {
                return Optional.of(operation);
            }
        }
        return Optional.empty();
    }

    /**
     * Inverse of {@link #code()}.
     *
     * @throws IllegalArgumentException if the code is not one of ours
     */
    public static Operation ofCode(int code) {
        if (code < 0 || code >= BY_CODE.length) {
            throw new IllegalArgumentException("no operation has code " + code);
        }
        return BY_CODE[code];
    }
}
