package openledger.edge;

import org.jspecify.annotations.Nullable;

/**
 * What may stand as the target of a request: a path in its plain form and perhaps a query. A path that has to be normalised before it
 * is known where it leads is refused, so that everybody who looks at it, a proxy in front as well, sees the same one.
 */
final class RequestTarget {
    /** Names of routes may have slashes, and clients encode them. */
    private static final byte[] NAMES = {'/', 'v', '1', '/', 'm', 'o', 'd', 'e', 'l', 's', '/'};

    private RequestTarget() {}

    /** What is wrong with the target between the two positions, null if nothing is. */
    static @Nullable String objection(byte[] head, int from, int to) {
        if (from == to || head[from] != '/') {
            return "The target of a request must be a path that begins with a slash.";
        }
        int end = from;
        while (end < to && head[end] != '?') {
            end++;
        }
        String path = pathObjection(head, from, end);
        if (path != null) {
            return path;
        }
        for (int i = end + 1; i < to; i++) {
            if (!Octets.isQuery(head[i]) || (head[i] == '%' && !isEncoded(head, i, to))) {
                return "The query has a character that must be percent-encoded.";
            }
        }
        return null;
    }

    private static @Nullable String pathObjection(byte[] head, int from, int end) {
        int segment = from + 1;
        for (int i = from + 1; i < end; i++) {
            byte octet = head[i];
            if (octet == '%') {
                if (!isEncoded(head, i, end) || isHidden(decoded(head, i), isName(head, from, i))) {
                    return "The path percent-encodes a character that must not be encoded.";
                }
                i += 2;
            } else if (!Octets.isPath(octet)) {
                return "The path has a character that is not allowed.";
            } else if (octet == '/') {
                if (isNoSegment(head, segment, i)) {
                    return "The path is not normalized.";
                }
                segment = i + 1;
            }
        }
        boolean root = end == from + 1;
        return !root && isNoSegment(head, segment, end) ? "The path is not normalized." : null;
    }

    /** Empty, "." or "..". */
    private static boolean isNoSegment(byte[] head, int from, int to) {
        return switch (to - from) {
            case 0 -> true;
            case 1 -> head[from] == '.';
            case 2 -> head[from] == '.' && head[from + 1] == '.';
            default -> false;
        };
    }

    private static boolean isEncoded(byte[] head, int at, int end) {
        return at + 2 < end && Octets.hex(head[at + 1]) >= 0 && Octets.hex(head[at + 2]) >= 0;
    }

    private static byte decoded(byte[] head, int at) {
        return (byte) (Octets.hex(head[at + 1]) << 4 | Octets.hex(head[at + 2]));
    }

    private static boolean isHidden(byte octet, boolean name) {
        boolean separator = octet == '/' ? !name : octet == '\\' || octet == ';' || octet == '%';
        return separator || Octets.isUnreserved(octet) || !Octets.isValue(octet) || octet == '\t';
    }

    private static boolean isName(byte[] head, int from, int at) {
        return at - from >= NAMES.length
                && java.util.Arrays.equals(head, from, from + NAMES.length, NAMES, 0, NAMES.length);
    }
}
