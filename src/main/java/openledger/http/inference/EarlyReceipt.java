package openledger.http.inference;

import io.vertx.core.MultiMap;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.core.http.HttpVersion;
import java.util.Optional;
import openledger.http.HomeContext;
import openledger.http.receipt.SignedReceiptIssuer;
import openledger.inference.PlanWitness;
import openledger.inference.admission.ModeOptions;
import org.jspecify.annotations.Nullable;

/**
 * The signature of a confirmed request's plan, for a client that asks for one: it has it before any provider has the request, as
 * an early hint (103, RFC 8297), and once more in the head of its answer. Confined to the event loop of the connection.
 */
final class EarlyReceipt {
    private final HttpServerRequest request;
    private final SignedReceiptIssuer desk;
    private @Nullable String text;

    EarlyReceipt(HttpServerRequest request, SignedReceiptIssuer desk) {
        this.request = request;
        this.desk = desk;
    }

    /** Who waits for the plan, if anybody does. */
    Optional<PlanWitness> witness(ModeOptions terms) {
        return terms instanceof ModeOptions.Confirmed && SignedReceiptIssuer.isAsked(request)
                ? Optional.of(plan -> HomeContext.here()
                        .back(desk.ofPlan(plan))
                        .invoke(this::tell)
                        .replaceWithVoid())
                : Optional.empty();
    }

    /** What the client was told, or that nothing could be signed; empty while there is no plan. */
    Optional<String> text() {
        return Optional.ofNullable(text);
    }

    private void tell(String promise) {
        text = promise;
        HttpServerResponse response = request.response();
        boolean canHint = request.version() != HttpVersion.HTTP_1_0 && !response.closed() && !response.headWritten();
        if (canHint && !promise.equals(SignedReceiptIssuer.NONE)) {
            response.writeEarlyHints(MultiMap.caseInsensitiveMultiMap().add(SignedReceiptIssuer.HEADER, promise));
        }
    }
}
