package openledger.verifier;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import openledger.commitment.BatchHeader;
import openledger.commitment.ConfirmationLevel;
import openledger.commitment.LeafPromise;
import openledger.commitment.SignedHead;
import openledger.commitment.SignedPromise;
import openledger.commitment.evm.SignatureRecovery;
import openledger.commitment.leaf.LaneSecret;
import openledger.commitment.leaf.LeafEncoding;
import openledger.commitment.leaf.LeafKind;
import openledger.commitment.leaf.RequestDigest;
import openledger.commitment.leaf.UsageRecord;
import openledger.commitment.leaf.UsageRecord.Usage;
import openledger.commitment.log.InclusionPath;
import openledger.commitment.log.SignedNote;
import openledger.commitment.stake.StakeClaim;
import openledger.commitment.verify.LogEnvelope;
import openledger.commitment.verify.Receipt;
import openledger.commitment.verify.Receipt.Anchor;
import openledger.commitment.verify.Receipt.Committed;
import openledger.commitment.verify.Receipt.Witnessed;
import openledger.commitment.verify.ReceiptContent;
import openledger.unit.Hash32;
import openledger.unit.LaneId;
import openledger.unit.RequestId;
import openledger.unit.RequestKey;

/**
 * Reads the answer of {@code GET /v1/receipts/{id}}. It may come from anywhere, so size, depth and every value are bounded, no member may
 * be repeated, and what verification needs must be there; all others are passed on as they are. Whether the values are true is not asked
 * here. Long because a receipt has many parts.
 */
public final class ReceiptReader {
    /** Bytes of the longest receipt that is read. */
    public static final int LARGEST = 1 << 20;

    private static final int DEEPEST = 16;
    private static final int MOST_NEIGHBOURS = 63;
    private static final int MOST_ATTEMPTS = 255;
    private static final int LONGEST_ID = 255;
    private static final int LONGEST_WORD = 32;
    private static final ObjectMapper JSON = JsonMapper.builder(JsonFactory.builder()
                    .streamReadConstraints(StreamReadConstraints.builder()
                            .maxNestingDepth(DEEPEST)
                            .maxStringLength(LARGEST)
                            .maxNumberLength(LONGEST_WORD)
                            .build())
                    .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
                    .build())
            .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
            // A number stays what was written, to its last digit.
            .enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS)
            .build();

    private ReceiptReader() {}

    /**
     * Reads a receipt that a log has signed, by whose form it is known; empty if it has neither of these forms.
     *
     * @throws UnreadableReceipt if it begins like one, and is none
     */
    public static Optional<LogEnvelope> ofLog(byte[] bytes) throws UnreadableReceipt {
        try {
            return bytes.length > LARGEST ? Optional.empty() : LogEnvelope.read(bytes);
        } catch (IllegalArgumentException none) {
            throw new UnreadableReceipt("", String.valueOf(none.getMessage()));
        }
    }

    /**
     * Reads a receipt.
     *
     * @throws UnreadableReceipt if it is none, or if it is of a request that is in no batch yet
     */
    public static Receipt read(byte[] json) throws UnreadableReceipt {
        return read(tree(json));
    }

    /** Reads a receipt that is a part of another document. */
    static Receipt read(JsonNode tree) throws UnreadableReceipt {
        ReceiptMembers root = new ReceiptMembers(tree, "");
        ReceiptContent content;
        try {
            content = ReceiptFlattening.of(tree);
        } catch (IllegalArgumentException tooLong) {
            throw noObject();
        }
        RequestId id = RequestId.parse(root.text("request", LONGEST_WORD))
                .orElseThrow(() -> root.wrong("request", "must be 32 lower-case hexadecimal digits"));
        ConfirmationLevel recorded = level(root);
        Optional<ReceiptMembers> planned = root.objectIfThere("planned");
        boolean ended = root.has("batch") && root.has("leaf");
        if (!ended && planned.isEmpty()) {
            throw new UnreadableReceipt(
                    "",
                    "The request is in no batch yet, so its record is the router's word alone. Get the receipt again later.");
        }
        ReceiptMembers commitment = root.object("commitment");
        Hash32 digest = commitment.hash("digest");
        byte[] salt = commitment.bytes("salt", LaneSecret.SALT_BYTES);
        // Of a request whose outcome is in no batch yet, the plan is the leaf.
        ReceiptMembers main = ended ? root : planned.get();
        try {
            Committed leaf = committed(main, ended ? recorded : level(main));
            return new Receipt(
                    id,
                    digest,
                    nonce(commitment),
                    salt,
                    ended || commitment.has("response_sha256") ? commitment.hash("response_sha256") : Hash32.ZERO,
                    ended || commitment.has("upstream_request_ids")
                            ? commitment.texts("upstream_request_ids", MOST_ATTEMPTS, LONGEST_ID)
                            : List.of(),
                    ended || commitment.has("usage") ? usage(commitment) : UsageRecord.NONE,
                    leaf.leaf(),
                    leaf.proof(),
                    leaf.header(),
                    leaf.head(),
                    leaf.level(),
                    leaf.anchor(),
                    promised(root),
                    content,
                    ended && planned.isPresent()
                            ? Optional.of(committed(planned.get(), level(planned.get())))
                            : Optional.empty(),
                    leaf.witnessed(),
                    leaf.signedHead(),
                    leaf.stake());
        } catch (IllegalArgumentException notAValue) {
            throw new UnreadableReceipt("", "It has an invalid value: " + notAValue.getMessage() + ".");
        }
    }

    private static Committed committed(ReceiptMembers node, ConfirmationLevel level) throws UnreadableReceipt {
        byte[] leaf = node.bytes("leaf", LeafEncoding.BYTES);
        InclusionPath proof = proof(node.object("proof"));
        BatchHeader header = header(node.object("batch"));
        return new Committed(
                leaf,
                proof,
                header,
                node.object("batch").hash("head"),
                level,
                anchor(node),
                witnessed(node),
                signedHead(header, node.object("batch")),
                stake(node));
    }

    private static Optional<StakeClaim> stake(ReceiptMembers leaf) throws UnreadableReceipt {
        Optional<ReceiptMembers> there = leaf.objectIfThere("stake");
        return there.isEmpty()
                ? Optional.empty()
                : Optional.of(new StakeClaim(
                        there.get().address("vault"),
                        there.get().amount("active"),
                        there.get().amount("leaf_penalty"),
                        there.get().amount("promise_penalty"),
                        there.get().number("challengeable_until", 0, Long.MAX_VALUE),
                        there.get().truth("punished")));
    }

    /** One JSON object, each member once. */
    static JsonNode tree(byte[] json) throws UnreadableReceipt {
        if (json.length > LARGEST) {
            throw new UnreadableReceipt("", "A receipt has at most " + LARGEST + " bytes.");
        }
        JsonNode root;
        try {
            root = JSON.readTree(json);
        } catch (JsonProcessingException e) {
            throw noObject();
        } catch (IOException e) {
            throw new UnreadableReceipt("", "It is not JSON in UTF-8.");
        }
        if (root == null || !root.isObject()) {
            throw new UnreadableReceipt("", "It is not a JSON object.");
        }
        return root;
    }

    private static UnreadableReceipt noObject() {
        return new UnreadableReceipt(
                "", "It must be one JSON object of at most " + DEEPEST + " levels, each member once.");
    }

    private static ConfirmationLevel level(ReceiptMembers root) throws UnreadableReceipt {
        String word = root.text("level", LONGEST_WORD);
        return Arrays.stream(ConfirmationLevel.values())
                .filter(level -> level.name().equals(word))
                .findFirst()
                .orElseThrow(
                        () -> root.wrong("level", "must be one of " + Arrays.toString(ConfirmationLevel.values())));
    }

    private static String nonce(ReceiptMembers commitment) throws UnreadableReceipt {
        if (!commitment.has("nonce")) {
            return "";
        }
        String nonce = commitment.text("nonce", RequestDigest.LONGEST_NONCE);
        if (!RequestDigest.isNonce(nonce)) {
            throw commitment.wrong("nonce", "must be 1 to 64 printable ASCII characters");
        }
        return nonce;
    }

    private static InclusionPath proof(ReceiptMembers proof) throws UnreadableReceipt {
        return new InclusionPath(
                proof.number("index", 0, Long.MAX_VALUE),
                proof.number("size", 1, Long.MAX_VALUE),
                proof.hashes("path", MOST_NEIGHBOURS));
    }

    /** The members of one JSON object, read as strictly as a receipt. */
    public static ReceiptMembers members(byte[] json) throws UnreadableReceipt {
        return new ReceiptMembers(tree(json), "");
    }

    /** The header of a batch as receipts and lists of batches show it. */
    public static BatchHeader header(ReceiptMembers batch) throws UnreadableReceipt {
        batch.number("version", BatchHeader.VERSION, BatchHeader.VERSION);
        return new BatchHeader(
                batch.number("chain_id", 1, Long.MAX_VALUE),
                batch.address("registry"),
                new LaneId(batch.number("lane", 1, Long.MAX_VALUE)),
                batch.number("sequence", 1, Long.MAX_VALUE),
                batch.hash("previous_head"),
                batch.hash("policy_hash"),
                batch.number("first_snapshot", 0, Long.MAX_VALUE),
                batch.number("last_snapshot", 0, Long.MAX_VALUE),
                batch.hash("snapshot_root"),
                batch.number("first_counter", 1, Long.MAX_VALUE),
                batch.number("last_counter", 1, Long.MAX_VALUE),
                batch.number("complete_through", 0, Long.MAX_VALUE),
                (int) batch.number("count", 1, Integer.MAX_VALUE),
                (int) batch.number("outcomes", 0, Integer.MAX_VALUE),
                batch.number("size", 1, Long.MAX_VALUE),
                batch.hash("root"),
                batch.hash("records_root"),
                batch.number("first_ms", 0, Long.MAX_VALUE),
                batch.number("last_ms", 0, Long.MAX_VALUE));
    }

    /** What the lane has signed of a batch; empty if nothing. */
    public static Optional<SignedHead> signedHead(BatchHeader header, ReceiptMembers batch) throws UnreadableReceipt {
        Optional<ReceiptMembers> signed = batch.objectIfThere("signed_head");
        return signed.isEmpty()
                ? Optional.empty()
                : Optional.of(SignedHead.of(
                        header,
                        signed.get().bytes("signature", SignatureRecovery.SIGNATURE_BYTES),
                        signed.get().address("signer")));
    }

    /** Where the batch is; nowhere yet if its transaction is in no block. */
    private static Optional<Anchor> anchor(ReceiptMembers root) throws UnreadableReceipt {
        Optional<ReceiptMembers> transaction = root.objectIfThere("transaction");
        if (transaction.isEmpty() || !transaction.get().has("block_number")) {
            return Optional.empty();
        }
        return Optional.of(new Anchor(
                transaction.get().hash("hash"),
                transaction.get().number("block_number", 0, Long.MAX_VALUE),
                transaction.get().hash("block_hash"),
                root.object("batch").number("committed_at", 0, Long.MAX_VALUE)));
    }

    /** What it says of a quorum is nothing to hold against. */
    private static Optional<Witnessed> witnessed(ReceiptMembers leaf) throws UnreadableReceipt {
        Optional<ReceiptMembers> there = leaf.objectIfThere("witnessed");
        if (there.isEmpty() || !(there.get().has("checkpoint") || there.get().has("inclusion"))) {
            return Optional.empty();
        }
        return Optional.of(new Witnessed(
                there.get().text("checkpoint", SignedNote.LONGEST), there.get().hashes("inclusion", MOST_NEIGHBOURS)));
    }

    /** What the providers say that the attempts took; what one does not say is absent. */
    private static UsageRecord usage(ReceiptMembers commitment) throws UnreadableReceipt {
        List<Usage> usages = new ArrayList<>();
        for (ReceiptMembers attempt : commitment.objects("usage", MOST_ATTEMPTS)) {
            usages.add(new Usage(
                    (int) attempt.number("attempt", 1, MOST_ATTEMPTS),
                    tokens(attempt, "input"),
                    tokens(attempt, "cached"),
                    tokens(attempt, "cache_written"),
                    tokens(attempt, "output"),
                    tokens(attempt, "reasoning"),
                    attempt.has("model") ? attempt.text("model", LONGEST_ID) : ""));
        }
        return new UsageRecord(usages, commitment.has("price_table") ? commitment.hash("price_table") : Hash32.ZERO);
    }

    private static long tokens(ReceiptMembers attempt, String name) throws UnreadableReceipt {
        return attempt.has(name) ? attempt.number(name, 0, Long.MAX_VALUE) : UsageRecord.UNKNOWN;
    }

    private static Optional<SignedPromise> promised(ReceiptMembers root) throws UnreadableReceipt {
        Optional<ReceiptMembers> promise = root.objectIfThere("promise");
        if (promise.isEmpty()) {
            return Optional.empty();
        }
        ReceiptMembers of = promise.get();
        LeafPromise signed = new LeafPromise(
                of.number("lane", 1, Long.MAX_VALUE),
                RequestKey.read(of.hash("request_key").bytes(), 0),
                kind(of),
                of.hash("leaf_hash"),
                of.number("signed_at", 0, Long.MAX_VALUE),
                of.number("anchor_by", 0, Long.MAX_VALUE));
        return Optional.of(new SignedPromise(
                of.number("chain_id", 1, Long.MAX_VALUE),
                of.address("registry"),
                signed,
                of.bytes("signature", SignedPromise.SIGNATURE_BYTES),
                of.address("signer")));
    }

    private static LeafKind kind(ReceiptMembers promise) throws UnreadableReceipt {
        String word = promise.text("kind", LONGEST_WORD);
        return Arrays.stream(LeafKind.values())
                .filter(kind -> kind.name().equals(word))
                .findFirst()
                .orElseThrow(() -> promise.wrong("kind", "must be one of " + Arrays.toString(LeafKind.values())));
    }
}
