package openledger.http.header;

import io.vertx.core.http.HttpServerRequest;
import java.util.Optional;
import openledger.commitment.leaf.RequestDigest;
import org.jspecify.annotations.Nullable;

/** The header with the nonce that a client adds to the digest of its request. */
public final class NonceHeader {
    public static final String NAME = "openledger-nonce";
    public static final String RULE = "An openledger-nonce must be 1 to 64 printable ASCII characters.";

    private NonceHeader() {}

    /** The nonce of a request, "" if it has none; empty if it is not one. */
    public static Optional<String> of(HttpServerRequest request) {
        return checked(request.getHeader(NAME));
    }

    static Optional<String> checked(@Nullable String text) {
        if (text == null) {
            return Optional.of("");
        }
        return RequestDigest.isNonce(text) ? Optional.of(text) : Optional.empty();
    }
}
