package openledger.chain.rpc;

import java.math.BigInteger;
import java.util.HexFormat;
import java.util.Locale;
import openledger.chain.rpc.RpcFailure.Kind;
import openledger.unit.Address;
import openledger.unit.Hash32;
import openledger.unit.Wei;
import org.jspecify.annotations.Nullable;
import org.web3j.protocol.core.Response;

/** Values in the answers of nodes. What is malformed is a failure of the node, and the member is named. */
public final class NodeValue {
    private static final int LONGEST_NUMBER = 2 + 64;
    private static final int LONGEST_MESSAGE = 200;
    private static final int HEX = 16;
    /** Of the Engine API, and some nodes answer with it elsewhere. */
    private static final int UNKNOWN_BLOCK = -39_001;

    private static final int LONG_BITS = 63;

    private NodeValue() {}

    /** A number of at most 63 bits. */
    public static long number(String member, @Nullable String text) {
        BigInteger value = big(member, text);
        if (value.bitLength() > LONG_BITS) {
            throw malformed(member);
        }
        return value.longValue();
    }

    public static Wei wei(String member, @Nullable String text) {
        return new Wei(big(member, text));
    }

    public static BigInteger big(String member, @Nullable String text) {
        if (text == null || text.length() < 3 || text.length() > LONGEST_NUMBER || !text.startsWith("0x")) {
            throw malformed(member);
        }
        for (int i = 2; i < text.length(); i++) {
            if (!HexFormat.isHexDigit(text.charAt(i))) {
                throw malformed(member);
            }
        }
        return new BigInteger(text.substring(2), HEX);
    }

    public static Hash32 hash(String member, @Nullable String text) {
        byte[] bytes = bytes(member, text);
        if (bytes.length != Hash32.BYTES) {
            throw malformed(member);
        }
        return Hash32.of(bytes);
    }

    public static byte[] bytes(String member, @Nullable String text) {
        if (text == null || !text.startsWith("0x")) {
            throw malformed(member);
        }
        try {
            return HexFormat.of().parseHex(text, 2, text.length());
        } catch (IllegalArgumentException e) {
            throw malformed(member);
        }
    }

    /** What a call of a contract gave; throws {@link RpcFailure} if the node refused it. */
    public static byte[] result(String function, NodeAnswers.Text answer) {
        return bytes(function, orNone(function, answer));
    }

    /** What a node has, null if nothing; throws {@link RpcFailure} if it refused to say: that must not pass for nothing. */
    public static <T> @Nullable T orNone(String what, Response<T> answer) {
        if (answer.hasError()) {
            throw new RpcFailure(
                    Kind.NODE,
                    "a node refuses " + what + ": " + cleaned(answer.getError().getMessage()));
        }
        return answer.getResult();
    }

    /** Whether a node means that there is no such block. */
    public static boolean saysAbsent(Response.Error error) {
        String words = cleaned(error.getMessage()).toLowerCase(Locale.ROOT);
        return error.getCode() == UNKNOWN_BLOCK || words.contains("not found") || words.contains("unknown block");
    }

    public static String hex(byte[] bytes) {
        return "0x" + HexFormat.of().formatHex(bytes);
    }

    public static String hex(long number) {
        return "0x" + Long.toHexString(number);
    }

    public static String hex(Address address) {
        return address.toString();
    }

    /** A node's words, fit for an outcome or a log: printable ASCII, not long. */
    public static String cleaned(@Nullable String message) {
        if (message == null) {
            return "without a reason";
        }
        StringBuilder out = new StringBuilder();
        for (int i = 0; i < message.length() && out.length() < LONGEST_MESSAGE; i++) {
            char c = message.charAt(i);
            out.append(c >= ' ' && c < 0x7f ? c : '?');
        }
        return out.toString();
    }

    public static RpcFailure malformed(String member) {
        return new RpcFailure(Kind.NODE, "a node's answer is malformed: " + member);
    }
}
