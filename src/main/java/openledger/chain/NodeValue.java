package openledger.chain;

import java.math.BigInteger;
import java.util.HexFormat;
import java.util.Locale;
import openledger.chain.RpcFailure.Kind;
import openledger.unit.Address;
import openledger.unit.Hash32;
import openledger.unit.Wei;
import org.jspecify.annotations.Nullable;
import org.web3j.protocol.core.Response;

/** Values in the answers of nodes. What is malformed is a failure of the node, and the member is named. */
final class NodeValue {
    private static final int LONGEST_NUMBER = 2 + 64;
    private static final int LONGEST_MESSAGE = 200;
    private static final int HEX = 16;
    /** Of the Engine API, and some nodes answer with it elsewhere. */
    private static final int UNKNOWN_BLOCK = -39_001;

    private static final int LONG_BITS = 63;

    private NodeValue() {}

    /** A number of at most 63 bits. */
    static long number(String member, @Nullable String text) {
        BigInteger value = big(member, text);
        if (value.bitLength() > LONG_BITS) {
            throw malformed(member);
        }
        return value.longValue();
    }

    static Wei wei(String member, @Nullable String text) {
        return new Wei(big(member, text));
    }

    static BigInteger big(String member, @Nullable String text) {
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

    static Hash32 hash(String member, @Nullable String text) {
        byte[] bytes = bytes(member, text);
        if (bytes.length != Hash32.BYTES) {
            throw malformed(member);
        }
        return Hash32.of(bytes);
    }

    static byte[] bytes(String member, @Nullable String text) {
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
    static byte[] result(String function, NodeAnswers.Text answer) {
        return bytes(function, orNone(function, answer));
    }

    /** What a node has, null if nothing; throws {@link RpcFailure} if it refused to say: that must not pass for nothing. */
    static <T> @Nullable T orNone(String what, Response<T> answer) {
        if (answer.hasError()) {
            throw new RpcFailure(
                    Kind.NODE,
                    "a node refuses " + what + ": " + cleaned(answer.getError().getMessage()));
        }
        return answer.getResult();
    }

    /** Whether a node means that there is no such block. */
    static boolean saysAbsent(Response.Error error) {
        String words = cleaned(error.getMessage()).toLowerCase(Locale.ROOT);
        return error.getCode() == UNKNOWN_BLOCK || words.contains("not found") || words.contains("unknown block");
    }

    static String hex(byte[] bytes) {
        return "0x" + HexFormat.of().formatHex(bytes);
    }

    static String hex(long number) {
        return "0x" + Long.toHexString(number);
    }

    static String hex(Address address) {
        return address.toString();
    }

    /** A node's words, fit for an outcome or a log: printable ASCII, not long. */
    static String cleaned(@Nullable String message) {
        if (message == null) {
            return "without a word";
        }
        StringBuilder out = new StringBuilder();
        for (int i = 0; i < message.length() && out.length() < LONGEST_MESSAGE; i++) {
            char c = message.charAt(i);
            out.append(c >= ' ' && c < 0x7f ? c : '?');
        }
        return out.toString();
    }

    static RpcFailure malformed(String member) {
        return new RpcFailure(Kind.NODE, "a node's answer is malformed: " + member);
    }
}
