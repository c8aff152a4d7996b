package openledger.cluster;

import java.util.HexFormat;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import openledger.unit.LaneId;

/**
 * The fields of the header {@link #NAME}, by which a router proves to another that a request is its own. Immutable.
 *
 * @param map version of the map by which the sender found the receiver
 * @param lane the lane that the request is for, which must be the receiver's
 * @param fence of the hold that it is for
 * @param timeMillis when it was sent, by the sender's clock: Unix milliseconds
 * @param nonce 16 random bytes, 32 hexadecimal digits
 * @param bodyDigest SHA-256 of the body, 64 hexadecimal digits
 * @param proof 64 hexadecimal digits, see {@link HopSeal}
 */
public record HopFields(
        long map, LaneId lane, long fence, long timeMillis, String nonce, String bodyDigest, String proof) {
    public static final String NAME = "openledger-forwarded";
    /** Of an answer: that it is of the router that was asked. */
    public static final String ANSWER_PROOF = "openledger-forwarded-proof";

    private static final int LONGEST = 400;
    private static final String NUMBER = "(0|[1-9][0-9]{0,17})";
    private static final Pattern FORM = Pattern.compile("v=1; hop=1; map=" + NUMBER + "; lane=" + NUMBER + "; fence="
            + NUMBER + "; time=" + NUMBER + "; nonce=([0-9a-f]{32}); body=([0-9a-f]{64}); proof=([0-9a-f]{64})");

    /** Reads a header; empty if it is anything else, however long. */
    public static Optional<HopFields> read(String text) {
        if (text.length() > LONGEST) {
            return Optional.empty();
        }
        Matcher form = FORM.matcher(text);
        if (!form.matches() || form.group(2).equals("0")) {
            return Optional.empty();
        }
        return Optional.of(new HopFields(
                Long.parseLong(form.group(1)),
                new LaneId(Long.parseLong(form.group(2))),
                Long.parseLong(form.group(3)),
                Long.parseLong(form.group(4)),
                form.group(5),
                form.group(6),
                form.group(7)));
    }

    /** The header. */
    public String text() {
        return signed() + "; proof=" + proof;
    }

    /** What of it is signed. */
    String signed() {
        return "v=1; hop=1; map=" + map + "; lane=" + lane.value() + "; fence=" + fence + "; time=" + timeMillis
                + "; nonce=" + nonce + "; body=" + bodyDigest;
    }

    HopFields with(byte[] signature) {
        return new HopFields(
                map, lane, fence, timeMillis, nonce, bodyDigest, HexFormat.of().formatHex(signature));
    }
}
