package openledger.edge;

/** Which octets may stand where in a request's head (RFC 9110, RFC 9112, RFC 3986). */
final class Octets {
    private static final int TOKEN = 1;
    private static final int VALUE = 1 << 1;
    private static final int PATH = 1 << 2;
    private static final int QUERY = 1 << 3;
    private static final int UNRESERVED = 1 << 4;
    private static final int HOST = 1 << 5;
    private static final byte[] KINDS = kinds();

    private Octets() {}

    private static byte[] kinds() {
        byte[] kinds = new byte[256];
        for (int c = 0; c < kinds.length; c++) {
            boolean letterOrDigit = (c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z');
            boolean unreserved = letterOrDigit || isOneOf(c, "-._~");
            int kind = letterOrDigit || isOneOf(c, "!#$%&'*+-.^_`|~") ? TOKEN : 0;
            kind |= c == '\t' || (c >= ' ' && c != 0x7f) ? VALUE : 0;
            // No ';': what stands behind one is a parameter to some and a part of the name to others.
            kind |= unreserved || isOneOf(c, "!$&'()*+,=:@/") ? PATH : 0;
            kind |= c > ' ' && c < 0x7f && c != '#' ? QUERY : 0;
            kind |= unreserved ? UNRESERVED : 0;
            kind |= unreserved || isOneOf(c, "[]:") ? HOST : 0;
            kinds[c] = (byte) kind;
        }
        return kinds;
    }

    private static boolean isOneOf(int c, String set) {
        return set.indexOf(c) >= 0;
    }

    private static boolean is(byte octet, int kind) {
        return (KINDS[octet & 0xff] & kind) != 0;
    }

    /** A character of a method or of a header's name. */
    static boolean isToken(byte octet) {
        return is(octet, TOKEN);
    }

    /** A character of a header's value: no control character but the tab. */
    static boolean isValue(byte octet) {
        return is(octet, VALUE);
    }

    /** A character of a path, apart from what is percent-encoded. */
    static boolean isPath(byte octet) {
        return is(octet, PATH);
    }

    static boolean isQuery(byte octet) {
        return is(octet, QUERY);
    }

    /** A character that nobody need encode, so that an encoded one hides something. */
    static boolean isUnreserved(byte octet) {
        return is(octet, UNRESERVED);
    }

    static boolean isHost(byte octet) {
        return is(octet, HOST);
    }

    static boolean isDigit(byte octet) {
        return octet >= '0' && octet <= '9';
    }

    /** The value of a hexadecimal digit, -1 if it is none. */
    static int hex(byte octet) {
        return octet < 0 ? -1 : asciiHex(octet);
    }

    private static int asciiHex(int c) {
        if (c >= '0' && c <= '9') {
            return c - '0';
        }
        int low = c | 0x20;
        return low >= 'a' && low <= 'f' ? low - 'a' + 10 : -1;
    }
}
