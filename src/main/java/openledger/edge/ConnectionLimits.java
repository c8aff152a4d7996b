package openledger.edge;

import java.time.Duration;
import java.util.List;

/**
 * Bounds of the connections of one listening port.
 *
 * @param most connections at once, 1 to 1,000,000, counted from the moment they are accepted
 * @param mostPerAddress of these, from one IPv4 address or one IPv6 /64
 * @param trusted addresses, of proxies for instance, to which the bound per address does not apply
 * @param firstRequest from accepting a connection to the first byte of its first request, 1 s to 1 h
 * @param head from the first byte of a request's head to its end, 1 s to 1 h
 * @param body from the end of a head to the end of the body, 1 s to 1 h; the connection is closed a little later
 * @param keepAlive from the end of an answer to the first byte of the next request, 1 s to 1 h
 * @param unread for how long a client may take nothing of an answer that waits for it, 1 s to 1 h
 */
public record ConnectionLimits(
        int most,
        int mostPerAddress,
        List<AddressRange> trusted,
        Duration firstRequest,
        Duration head,
        Duration body,
        Duration keepAlive,
        Duration unread) {
    private static final int MOST = 1_000_000;

    public ConnectionLimits {
        if (most < 1 || most > MOST) {
            throw new IllegalArgumentException("max-connections must be 1 to " + MOST + ": " + most);
        }
        if (mostPerAddress < 1 || mostPerAddress > MOST) {
            throw new IllegalArgumentException(
                    "max-connections-per-address must be 1 to " + MOST + ": " + mostPerAddress);
        }
        trusted = List.copyOf(trusted);
        check("first-request-timeout", firstRequest);
        check("head-timeout", head);
        check("body-timeout", body);
        check("keep-alive-timeout", keepAlive);
        check("unread-timeout", unread);
    }

    private static void check(String name, Duration time) {
        if (time.compareTo(Duration.ofSeconds(1)) < 0 || time.compareTo(Duration.ofHours(1)) > 0) {
            throw new IllegalArgumentException(name + " must be 1 s to 1 h: " + time);
        }
    }

    /**
     * The same for a process that may open so many descriptors: half of them at most are for connections of clients, since every request
     * needs one to its provider as well, and one address gets half of that at most.
     */
    public ConnectionLimits within(long descriptors) {
        int bound = (int) Math.max(1, Math.min(most, descriptors / 2));
        int share = bound == most ? mostPerAddress : Math.max(1, Math.min(mostPerAddress, bound / 2));
        return new ConnectionLimits(bound, share, trusted, firstRequest, head, body, keepAlive, unread);
    }
}
