package openledger.inference.upstream;

/** How the client wants its answer. */
public enum AnswerForm {
    /** One JSON document. */
    PLAIN,
    /** Server-sent events. */
    STREAM
}
