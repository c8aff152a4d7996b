package openledger.http.page;

import java.net.URI;
import java.util.List;
import java.util.Locale;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * Nodes of the chain that browsers may query from the page. Everybody can read their addresses there, so one with a secret does not belong
 * here.
 *
 * @param nodes JSON-RPC over {@code http} or {@code https}, the preferred one first; may be empty, at most 8
 */
public record PageNodes(List<URI> nodes) {
    private static final int MOST_NODES = 8;
    /** A content security policy has no other form for a host. */
    private static final Pattern HOST = Pattern.compile("[A-Za-z0-9]([A-Za-z0-9.-]*[A-Za-z0-9])?");

    public PageNodes {
        nodes = List.copyOf(nodes);
        if (nodes.size() > MOST_NODES) {
            throw new IllegalArgumentException("at most " + MOST_NODES + " nodes: " + nodes.size());
        }
        nodes.forEach(PageNodes::check);
    }

    private static void check(URI node) {
        String scheme = node.getScheme() == null ? "" : node.getScheme().toLowerCase(Locale.ROOT);
        if (!"http".equals(scheme) && !"https".equals(scheme)) {
            throw new IllegalArgumentException("an address must begin with http:// or https://");
        }
        if (node.getHost() == null || !HOST.matcher(node.getHost()).matches()) {
            throw new IllegalArgumentException("an address must have a host name or an IPv4 address");
        }
        if (node.getUserInfo() != null || node.getFragment() != null) {
            throw new IllegalArgumentException("an address cannot have a user or a fragment");
        }
    }

    /** What a content security policy calls them: scheme, host and port, once each. */
    List<String> origins() {
        return nodes.stream().map(PageNodes::origin).distinct().toList();
    }

    private static String origin(URI node) {
        String port = node.getPort() < 0 ? "" : ":" + node.getPort();
        return (node.getScheme() + "://" + node.getHost()).toLowerCase(Locale.ROOT) + port;
    }

    /** The addresses as the value of an attribute in HTML, with a space between them. */
    String attribute() {
        // Of what would end the value or begin a reference, an address can hold but this.
        return nodes.stream()
                .map(node -> node.toASCIIString().replace("&", "&amp;").replace("'", "&#39;"))
                .collect(Collectors.joining(" "));
    }
}
