package openledger.inference;

/**
 * A provider's complaint about a request, in OpenAI's terms, bounded and with secrets taken out. Members a provider did
 * not give are empty.
 *
 * @param message at most 1_000 characters
 * @param type at most 100 characters
 * @param param name of the offending member, at most 200 characters
 * @param code at most 100 characters
 */
public record UpstreamRejection(String message, String type, String param, String code) {}
