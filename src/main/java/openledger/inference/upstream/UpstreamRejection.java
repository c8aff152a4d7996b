package openledger.inference.upstream;

/**
 * A provider's complaint about a request, in OpenAI's terms, bounded and with secrets taken out. Members a provider did
 * not give are empty.
 *
 * @param message at most 1_000 characters
 * @param type at most 200 characters
 * @param param name of the offending member, at most 200 characters
 * @param code at most 200 characters
 * @param details what else the provider's error says, such as which policy was violated: a JSON object of at most 4_000 characters
 */
public record UpstreamRejection(String message, String type, String param, String code, String details) {
    /** No complaint. */
    public static final UpstreamRejection NONE = new UpstreamRejection("", "", "", "");

    /** A complaint that says no more than that. */
    public UpstreamRejection(String message, String type, String param, String code) {
        this(message, type, param, code, "");
    }
}
