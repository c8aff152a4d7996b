package openledger.routing;

import java.net.URI;

/**
 * An upstream endpoint. Credentials are not part of it: the policy is public.
 *
 * @param name as targets refer to it
 * @param dialect what it speaks
 * @param baseUrl absolute http or https address, without query, ending before {@code /chat/completions}
 * @param timeouts bounds of each call
 */
public record Provider(String name, Dialect dialect, URI baseUrl, CallTimeouts timeouts) {
    public Provider {
        String scheme = baseUrl.getScheme();
        if (!("http".equals(scheme) || "https".equals(scheme)) || baseUrl.getHost() == null) {
            throw new IllegalArgumentException("a base URL is http(s)://host[:port][/path]: " + baseUrl);
        }
        if (baseUrl.getUserInfo() != null || baseUrl.getQuery() != null || baseUrl.getFragment() != null) {
            throw new IllegalArgumentException("a base URL has no user, query or fragment");
        }
    }
}
