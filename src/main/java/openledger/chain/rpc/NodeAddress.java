package openledger.chain.rpc;

import java.net.URI;
import java.time.Duration;
import java.util.List;

/** Addresses of nodes. Their path often is a key, so no error and no log names more than scheme, host and port. */
public final class NodeAddress {
    private static final int HTTP = 80;
    private static final int HTTPS = 443;

    private NodeAddress() {}

    /** Refuses what is not an absolute address with one of these schemes. */
    public static void check(URI node, String... schemes) {
        if (node.getScheme() == null
                || node.getHost() == null
                || !List.of(schemes).contains(node.getScheme())) {
            throw new IllegalArgumentException(
                    "a node's address begins with " + String.join(":// or ", schemes) + "://");
        }
        if (node.getUserInfo() != null) {
            throw new IllegalArgumentException("a node's address has no user: " + shown(node));
        }
    }

    public static void positive(String what, Duration value) {
        if (value.isNegative() || value.isZero()) {
            throw new IllegalArgumentException(what + " is positive: " + value);
        }
    }

    public static boolean isTls(URI node) {
        return "https".equals(node.getScheme()) || "wss".equals(node.getScheme());
    }

    public static int port(URI node) {
        return node.getPort() >= 0 ? node.getPort() : isTls(node) ? HTTPS : HTTP;
    }

    /** Path and query, as they go into a request. */
    public static String target(URI node) {
        String path = node.getRawPath() == null || node.getRawPath().isEmpty() ? "/" : node.getRawPath();
        return node.getRawQuery() == null ? path : path + "?" + node.getRawQuery();
    }

    /** What may be shown. */
    public static String shown(URI node) {
        return node.getScheme() + "://" + node.getHost() + ":" + port(node);
    }
}
