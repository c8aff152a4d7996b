package openledger.routing;

import java.net.URI;
import java.util.List;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * An upstream endpoint. Credentials are not part of it: the policy is public.
 *
 * @param name as targets refer to it
 * @param dialect its API
 * @param speaks the operations that it offers: some or all of its dialect's
 * @param baseUrl absolute http or https address, without query; the operations' paths are put behind it
 * @param timeouts bounds of each call
 * @param usage when it is asked for the usage of a stream of chat completions
 */
public record Provider(
        String name, Dialect dialect, Set<Operation> speaks, URI baseUrl, CallTimeouts timeouts, Usage usage) {
    /** Paths of operations, as people copy them out of a provider's documentation. */
    private static final List<String> OPERATIONS = List.of(
            "/chat/completions", "/completions", "/embeddings", "/responses", "/messages", "/messages/count_tokens");
    /** A host that {@link URI} does not take for one, though DNS and HTTP do; networks of containers name hosts so. */
    private static final Pattern UNDERSCORED = Pattern.compile("([A-Za-z0-9_.-]*_[A-Za-z0-9_.-]*)(?::([0-9]{1,5}))?");

    /** When a provider is asked what a stream took. */
    public enum Usage {
        /** Always, so that it is known; a client that did not ask is not told. */
        ALWAYS,
        /** If the client asks: for providers that refuse {@code stream_options}. */
        AS_ASKED
    }

    /** One that is always asked what a stream took. */
    public Provider(String name, Dialect dialect, Set<Operation> speaks, URI baseUrl, CallTimeouts timeouts) {
        this(name, dialect, speaks, baseUrl, timeouts, Usage.ALWAYS);
    }

    public Provider {
        speaks = Set.copyOf(speaks);
        if (speaks.isEmpty() || !dialect.operations().containsAll(speaks)) {
            throw new IllegalArgumentException(
                    "a provider must have at least one operation, and only operations of its dialect");
        }
        String scheme = baseUrl.getScheme();
        boolean underscored = isUnderscored(baseUrl);
        if (!("http".equals(scheme) || "https".equals(scheme)) || (baseUrl.getHost() == null && !underscored)) {
            throw new IllegalArgumentException("a base URL must be http(s)://host[:port][/path]: " + baseUrl);
        }
        if (underscored && "https".equals(scheme)) {
            throw new IllegalArgumentException(
                    "a host with an underscore has no name in TLS (RFC 6066, section 3), so https cannot be used: "
                            + baseUrl);
        }
        String path = baseUrl.getPath() == null ? "" : baseUrl.getPath().replaceAll("/+$", "");
        for (String operation : OPERATIONS) {
            if (path.endsWith(operation)) {
                throw new IllegalArgumentException("the path of an operation is appended to a base URL: leave '"
                        + operation + "' out of " + baseUrl);
            }
        }
        if (baseUrl.getUserInfo() != null || baseUrl.getQuery() != null || baseUrl.getFragment() != null) {
            throw new IllegalArgumentException("a base URL cannot have a user, query or fragment");
        }
    }

    private static boolean isUnderscored(URI url) {
        return url.getHost() == null
                && url.getRawAuthority() != null
                && UNDERSCORED.matcher(url.getRawAuthority()).matches();
    }

    /** The host of the base URL. */
    public String host() {
        Matcher authority = UNDERSCORED.matcher(String.valueOf(baseUrl.getRawAuthority()));
        return isUnderscored(baseUrl) && authority.matches() ? authority.group(1) : baseUrl.getHost();
    }

    /** The port of the base URL, or the one of its scheme. */
    public int port() {
        Matcher authority = UNDERSCORED.matcher(String.valueOf(baseUrl.getRawAuthority()));
        if (isUnderscored(baseUrl) && authority.matches() && authority.group(2) != null) {
            return Integer.parseInt(authority.group(2));
        }
        return baseUrl.getPort() >= 0 ? baseUrl.getPort() : "https".equals(baseUrl.getScheme()) ? 443 : 80;
    }
}
