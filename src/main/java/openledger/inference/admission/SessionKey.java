package openledger.inference.admission;

import java.util.OptionalLong;
import openledger.inference.origin.OriginName;
import openledger.routing.Affinity;
import openledger.routing.Route;

/**
 * The session of a request, for a route with affinity: the first 64 bits of a SHA-256 of the tenant and the key, so that no tenant can
 * choose the target of another's sessions, and the key itself is not passed on.
 */
public final class SessionKey {
    private SessionKey() {}

    /**
     * The session of a request, if the route heeds it and the request names one: by its header, else by its member
     * {@code prompt_cache_key}.
     *
     * @param header value of {@code openledger-session}, empty if it was not sent
     */
    public static OptionalLong of(String tenant, Route route, String header, RequestBody body) {
        if (route.affinity() == Affinity.NONE) {
            return OptionalLong.empty();
        }
        String key = header.isEmpty() ? body.cacheKey() : header;
        return key.isEmpty()
                ? OptionalLong.empty()
                : OptionalLong.of(OriginName.of(tenant, key).getMostSignificantBits());
    }
}
