package openledger.commitment.verify;

import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import openledger.commitment.LeafPromise;
import openledger.commitment.SignedPromise;
import openledger.commitment.leaf.LaneSecret;
import openledger.commitment.leaf.LeafKind;
import openledger.unit.Address;
import openledger.unit.Hash32;
import openledger.unit.RequestId;
import openledger.unit.RequestKey;

/**
 * The header {@code openledger-promise} of an answer, a dictionary of RFC 9651: a promise, its signature, and the salt that binds it to a
 * request. Who signed it is not in it.
 *
 * @param request the answer's request
 * @param salt 16 bytes; never changed after construction
 * @param chainId of the chain that the promise is for
 * @param registry the contract that it is for
 * @param promise what was signed
 * @param signature r, s and v, 65 bytes; never changed after construction
 */
@SuppressWarnings("ArrayRecordComponent") // nobody compares headers
public record PromiseHeader(
        RequestId request, byte[] salt, long chainId, Address registry, LeafPromise promise, byte[] signature) {
    /** Its name. */
    public static final String NAME = "openledger-promise";

    private static final int LONGEST = 4096;
    private static final Pattern MEMBER =
            Pattern.compile("[ \\t]*+([a-z_]++)=(?:\"([0-9a-zA-Z]*+)\"|([0-9]{1,19}))[ \\t]*+");
    private static final List<String> NUMBERS = List.of("lane", "anchor_by", "signed_at", "kind", "chain_id");
    /** Bytes of each, which are written behind {@code 0x}. */
    private static final Map<String, Integer> BYTES = Map.of(
            "signature", SignedPromise.SIGNATURE_BYTES,
            "registry", Address.BYTES,
            "request_key", RequestKey.BYTES,
            "leaf_hash", Hash32.BYTES,
            "salt", LaneSecret.SALT_BYTES);

    private static final String REQUEST = "request";

    /**
     * Reads the header: each member once, and no other.
     *
     * @throws IllegalArgumentException if it is none, with a reason that names the member
     */
    public static PromiseHeader parse(String header) {
        if (header.length() > LONGEST) {
            throw new IllegalArgumentException("the header must have at most " + LONGEST + " characters");
        }
        Map<String, String> texts = new HashMap<>();
        Map<String, String> numbers = new HashMap<>();
        for (String part : header.split(",", -1)) {
            Matcher member = MEMBER.matcher(part);
            if (!member.matches() || !isNew(member, texts, numbers)) {
                throw new IllegalArgumentException(
                        "the header must be a dictionary of RFC 9651, with each member of a promise once and no other");
            }
        }
        long lane = number("lane", numbers);
        long anchorBy = number("anchor_by", numbers);
        long signedAt = number("signed_at", numbers);
        long kind = number("kind", numbers);
        long chainId = number("chain_id", numbers);
        byte[] signature = bytes("signature", texts);
        Address registry = Address.of(bytes("registry", texts));
        RequestId request = RequestId.parse(texts.getOrDefault(REQUEST, ""))
                .orElseThrow(() -> new IllegalArgumentException(REQUEST + " must be 32 lower-case hexadecimal digits"));
        RequestKey key = RequestKey.read(bytes("request_key", texts), 0);
        Hash32 leafHash = Hash32.of(bytes("leaf_hash", texts));
        byte[] salt = bytes("salt", texts);
        LeafPromise promise = new LeafPromise(lane, key, kind(kind), leafHash, signedAt, anchorBy);
        return new PromiseHeader(request, salt, chainId, registry, promise, signature);
    }

    /**
     * Writes the header: {@code lane=1, anchor_by=1767225600, signature="0x…", …}. It has all that was signed, and the salt, so that who kept
     * the body can make it again with nobody's help.
     *
     * @param salt 16 bytes
     */
    public static String text(SignedPromise signed, RequestId id, byte[] salt) {
        LeafPromise promise = signed.promise();
        return "lane=" + promise.lane() + ", anchor_by=" + promise.anchorBy() + ", signed_at=" + promise.signedAt()
                + ", kind=" + promise.kind().code() + ", signature=\"" + signed.signatureText() + "\", chain_id="
                + signed.chainId() + ", registry=\"" + signed.registry() + "\", request=\"" + id
                + "\", request_key=\"" + promise.request() + "\", leaf_hash=\"" + promise.leafHash() + "\", salt=\"0x"
                + HexFormat.of().formatHex(salt) + '"';
    }

    private static boolean isNew(Matcher member, Map<String, String> texts, Map<String, String> numbers) {
        String name = member.group(1);
        String text = member.group(2);
        if (!NUMBERS.contains(name) && !BYTES.containsKey(name) && !name.equals(REQUEST)) {
            return false;
        }
        // The same name twice, as a text and as a number, is caught by the count.
        String before = text != null ? texts.put(name, text) : numbers.put(name, member.group(3));
        return before == null && !(texts.containsKey(name) && numbers.containsKey(name));
    }

    private static long number(String name, Map<String, String> numbers) {
        String digits = numbers.getOrDefault(name, "");
        try {
            return Long.parseLong(digits);
        } catch (NumberFormatException tooLarge) {
            throw new IllegalArgumentException(name + " must be a whole number from 0 to " + Long.MAX_VALUE, tooLarge);
        }
    }

    private static byte[] bytes(String name, Map<String, String> texts) {
        int length = BYTES.getOrDefault(name, 0);
        String text = texts.getOrDefault(name, "");
        boolean fits = text.length() == 2 + 2 * length
                && text.startsWith("0x")
                && text.chars().skip(2).allMatch(c -> (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f'));
        if (!fits) {
            throw new IllegalArgumentException(
                    name + " must be 0x and " + 2 * length + " lower-case hexadecimal digits");
        }
        return HexFormat.of().parseHex(text, 2, text.length());
    }

    private static LeafKind kind(long code) {
        for (LeafKind kind : LeafKind.values()) {
            if (kind.code() == code) {
                return kind;
            }
        }
        throw new IllegalArgumentException("kind must be 1 or 2");
    }

    /** What is signed (EIP-712). */
    public Hash32 digest() {
        return promise.digest(chainId, registry);
    }

    /** The promise as signed by somebody. */
    public SignedPromise signedBy(Address signer) {
        return new SignedPromise(chainId, registry, promise, signature, signer);
    }
}
