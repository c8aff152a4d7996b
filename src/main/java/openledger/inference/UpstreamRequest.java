package openledger.inference;

/**
 * What a provider is sent.
 *
 * @param body the client's body; the gateway puts the target's model into it
 * @param form how the answer is wanted
 * @param requestId our name for the request, for the provider's logs
 */
public record UpstreamRequest(ChatBody body, AnswerForm form, String requestId) {}
