package openledger.edge;

import java.net.InetAddress;

/**
 * Addresses that share their first bits (RFC 4632, RFC 4291). Names are not looked up.
 *
 * @param first any address of the range
 * @param bits how many of its first bits the others share, 0 to 32 or 128
 */
public record AddressRange(InetAddress first, int bits) {
    public AddressRange {
        int most = first.getAddress().length * Byte.SIZE;
        if (bits < 0 || bits > most) {
            throw new IllegalArgumentException("a range must have 0 to " + most + " bits: " + bits);
        }
    }

    /**
     * Reads {@code 10.0.0.0/8}, {@code 2001:db8::/32}, or a single address.
     *
     * @throws IllegalArgumentException if it is none of these
     */
    public static AddressRange of(String text) {
        int slash = text.indexOf('/');
        InetAddress address = InetAddress.ofLiteral(slash < 0 ? text : text.substring(0, slash));
        if (slash < 0) {
            return new AddressRange(address, address.getAddress().length * Byte.SIZE);
        }
        String bits = text.substring(slash + 1);
        if (!bits.matches("[0-9]{1,3}")) {
            throw new IllegalArgumentException("a range must be an address, a slash and a number of bits: " + text);
        }
        return new AddressRange(address, Integer.parseInt(bits));
    }

    /** Whether the address is one of these. */
    boolean contains(InetAddress other) {
        byte[] ours = first.getAddress();
        byte[] theirs = other.getAddress();
        if (ours.length != theirs.length) {
            return false;
        }
        for (int bit = 0; bit < bits; bit++) {
            int mask = 0x80 >> (bit % Byte.SIZE);
            if ((ours[bit / Byte.SIZE] & mask) != (theirs[bit / Byte.SIZE] & mask)) {
                return false;
            }
        }
        return true;
    }
}
