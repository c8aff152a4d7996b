package openledger.chain.rpc;

import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;
import org.web3j.protocol.core.Response;

/**
 * Why a node did not accept a transaction, classified by code where a code has one meaning, else by the phrases that geth, op-geth, reth,
 * nethermind, besu and anvil use.
 *
 * @param words the node's, cleaned
 */
public record NodeRejection(Kind kind, String words) {
    /** JSON-RPC 2.0. */
    private static final int METHOD_NOT_FOUND = -32601;
    /** EIP-7966. */
    private static final int NOT_IN_TIME = 4;

    private static final int NOT_READY = 5;
    private static final int NONCE_GAP = 6;

    private static final List<Phrase> PHRASES = List.of(
            new Phrase(
                    Kind.KNOWN,
                    "already known",
                    "already imported",
                    "known transaction",
                    "alreadyknown",
                    "already in pool"),
            new Phrase(Kind.NONCE_USED, "nonce too low", "nonce is too low", "oldnonce"),
            new Phrase(
                    Kind.NONCE_GAP,
                    "nonce too high",
                    "nonce is too high",
                    "nonce gap",
                    "nonce-gap",
                    "gapped",
                    "too distant",
                    "futurenonce"),
            new Phrase(
                    Kind.UNDERPRICED,
                    "underpriced",
                    "less than block base fee",
                    "feetoolow",
                    "fee too low",
                    "gas price below",
                    "tip below",
                    "below minimum",
                    "price too low"),
            new Phrase(
                    Kind.REFUSED,
                    "insufficient funds",
                    "insufficient balance",
                    "intrinsic gas",
                    "exceeds block gas limit",
                    "exceeds maximum",
                    "gas limit too high",
                    "exceeds the configured cap",
                    "oversized",
                    "invalid sender",
                    "chain id",
                    "chainid",
                    "signature",
                    "rlp",
                    "type not supported",
                    "higher than max fee",
                    "floor data gas"));

    private static final List<String> NO_SUCH_METHOD = List.of(
            "method not found",
            "does not exist",
            "not supported",
            "unsupported method",
            "not whitelisted",
            "not available",
            "unknown method");

    /** What an objection means for us. */
    public enum Kind {
        KNOWN,
        NONCE_USED,
        NONCE_GAP,
        UNDERPRICED,
        REFUSED,
        /** The node has it, but the chain did not take it in time. */
        NOT_IN_TIME,
        /** The node could not use it yet. */
        NOT_READY,
        NO_SUCH_METHOD,
        /** Nobody answered, or in words that we do not know. */
        UNCLEAR
    }

    /** What a node said to a transaction. */
    public static NodeRejection of(Response.Error error) {
        String words = NodeValue.cleaned(error.getMessage());
        return new NodeRejection(kindOf(error.getCode(), words.toLowerCase(Locale.ROOT)), words);
    }

    /** No node said anything. */
    public static NodeRejection silence(@Nullable String reason) {
        return new NodeRejection(Kind.UNCLEAR, NodeValue.cleaned(reason));
    }

    private static Kind kindOf(int code, String words) {
        return switch (code) {
            case METHOD_NOT_FOUND -> Kind.NO_SUCH_METHOD;
            case NOT_IN_TIME -> Kind.NOT_IN_TIME;
            case NOT_READY -> Kind.NOT_READY;
            case NONCE_GAP -> Kind.NONCE_GAP;
            default -> kindOf(words);
        };
    }

    private static Kind kindOf(String words) {
        for (Phrase phrase : PHRASES) {
            if (phrase.isIn(words)) {
                return phrase.kind;
            }
        }
        boolean aboutMethod =
                words.contains("method") && NO_SUCH_METHOD.stream().anyMatch(words::contains);
        return aboutMethod ? Kind.NO_SUCH_METHOD : Kind.UNCLEAR;
    }

    private record Phrase(Kind kind, List<String> forms) {
        Phrase(Kind kind, String... forms) {
            this(kind, List.of(forms));
        }

        boolean isIn(String words) {
            return forms.stream().anyMatch(words::contains);
        }
    }
}
