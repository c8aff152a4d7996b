package openledger.routing;

/** The language a provider speaks. */
public enum Dialect {
    /** OpenAI's chat completions. */
    OPENAI
}
