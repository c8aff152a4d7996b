package openledger.inference.upstream;

import java.util.Map;
import java.util.Optional;
import openledger.inference.admission.Permit;
import openledger.inference.admission.RequestBody;
import openledger.inference.admission.TraceContext;
import openledger.routing.Operation;

/**
 * A request to a provider.
 *
 * @param operation what for
 * @param body the client's body; the gateway puts the target's model into it
 * @param form how the answer is wanted
 * @param headers of the client that belong to the operation's API
 * @param requestId our name for the request, for the provider's logs
 * @param view how the targets are reached, as it was when the request began
 * @param trace the request's place in a trace, if it is traced
 * @param tenant whose request it is; not sent to any provider
 * @param place pays for what is kept of an answer before it can be passed on
 */
public record UpstreamRequest(
        Operation operation,
        RequestBody body,
        AnswerForm form,
        Map<String, String> headers,
        String requestId,
        ProviderView view,
        Optional<TraceContext> trace,
        String tenant,
        Permit place) {}
