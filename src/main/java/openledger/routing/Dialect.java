package openledger.routing;

import java.util.Arrays;
import java.util.Collections;
import java.util.EnumSet;
import java.util.Set;

/** The API that a provider offers, and the operations it has. */
public enum Dialect {
    /** OpenAI's API. */
    OPENAI(Operation.CHAT, Operation.EMBEDDINGS, Operation.RESPONSES),
    /** Anthropic's Messages API; chat requests are translated to it and back. */
    ANTHROPIC(Operation.CHAT, Operation.MESSAGES, Operation.COUNT_TOKENS),
    /** Gemini's {@code generateContent}; chat requests are translated to it and back. */
    GEMINI(Operation.CHAT);

    @SuppressWarnings("ImmutableEnumChecker") // an unmodifiable set of constants
    private final Set<Operation> operations;

    Dialect(Operation... operations) {
        this.operations = Collections.unmodifiableSet(EnumSet.copyOf(Arrays.asList(operations)));
    }

    /** All that can be asked of a provider of this dialect. */
    public Set<Operation> operations() {
        return operations;
    }
}
