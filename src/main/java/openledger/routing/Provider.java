package openledger.routing;

import java.net.URI;
import java.util.Set;

/**
 * An upstream endpoint. Credentials are not part of it: the policy is public.
 *
 * @param name as targets refer to it
 * @param dialect what it speaks
 * @param speaks what may be asked of it: some or all of what its dialect can say
 * @param baseUrl absolute http or https address, without query; the operations' paths are put behind it
 * @param timeouts bounds of each call
 */
public record Provider(String name, Dialect dialect, Set<Operation> speaks, URI baseUrl, CallTimeouts timeouts) {
    public Provider {
        speaks = Set.copyOf(speaks);
        if (speaks.isEmpty() || !dialect.operations().containsAll(speaks)) {
            throw new IllegalArgumentException("a provider speaks at least one operation, and none its dialect lacks");
        }
        String scheme = baseUrl.getScheme();
        if (!("http".equals(scheme) || "https".equals(scheme)) || baseUrl.getHost() == null) {
            throw new IllegalArgumentException("a base URL is http(s)://host[:port][/path]: " + baseUrl);
        }
        if (baseUrl.getUserInfo() != null || baseUrl.getQuery() != null || baseUrl.getFragment() != null) {
            throw new IllegalArgumentException("a base URL has no user, query or fragment");
        }
    }
}
