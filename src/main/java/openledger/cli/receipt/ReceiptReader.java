package openledger.cli.receipt;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import openledger.commitment.BatchHeader;
import openledger.commitment.ConfirmationLevel;
import openledger.commitment.SignedPromise;
import openledger.commitment.leaf.LaneSecret;
import openledger.commitment.leaf.LeafEncoding;
import openledger.commitment.leaf.RequestCommitment;
import openledger.commitment.leaf.RequestDigest;
import openledger.commitment.tree.InclusionProof;
import openledger.commitment.verify.Receipt;
import openledger.commitment.verify.Receipt.Anchor;
import openledger.commitment.verify.Receipt.Committed;
import openledger.commitment.verify.Receipt.Promised;
import openledger.commitment.verify.ReceiptContent;
import openledger.unit.Hash32;
import openledger.unit.LaneId;
import openledger.unit.RequestId;

/**
 * Reads the answer of {@code GET /v1/receipts/{id}}. It may come from anywhere, so size, depth and every value are bounded, no member may
 * be repeated, and what verification needs must be there; all others are passed on as they are. Whether the values are true is not asked
 * here.
 */
public final class ReceiptReader {
    /** Bytes of the longest receipt that is read. */
    public static final int LARGEST = 1 << 20;

    private static final int DEEPEST = 16;
    private static final int MOST_SIBLINGS = 31;
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
     * Reads a receipt.
     *
     * @throws UnreadableReceipt if it is none, or if it is of a request that is in no batch yet
     */
    public static Receipt read(byte[] json) throws UnreadableReceipt {
        JsonNode tree = tree(json);
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
                    leaf.leaf(),
                    leaf.proof(),
                    leaf.header(),
                    leaf.head(),
                    leaf.level(),
                    leaf.anchor(),
                    promised(root, id, RequestCommitment.of(id, digest.bytes(), salt)),
                    content,
                    ended && planned.isPresent()
                            ? Optional.of(committed(planned.get(), level(planned.get())))
                            : Optional.empty());
        } catch (IllegalArgumentException notAValue) {
            throw new UnreadableReceipt("", "It has an invalid value: " + notAValue.getMessage() + ".");
        }
    }

    private static Committed committed(ReceiptMembers node, ConfirmationLevel level) throws UnreadableReceipt {
        return new Committed(
                node.bytes("leaf", LeafEncoding.BYTES),
                proof(node.object("proof")),
                header(node.object("batch")),
                node.object("batch").hash("head"),
                level,
                anchor(node));
    }

    private static JsonNode tree(byte[] json) throws UnreadableReceipt {
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

    private static InclusionProof proof(ReceiptMembers proof) throws UnreadableReceipt {
        return new InclusionProof(
                (int) proof.number("index", 0, Integer.MAX_VALUE),
                (int) proof.number("count", 1, Integer.MAX_VALUE),
                proof.hashes("siblings", MOST_SIBLINGS));
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
                (int) batch.number("count", 1, Integer.MAX_VALUE),
                (int) batch.number("outcomes", 0, Integer.MAX_VALUE),
                batch.hash("root"),
                batch.hash("leaves_hash"),
                batch.hash("records_hash"),
                batch.number("first_ms", 0, Long.MAX_VALUE),
                batch.number("last_ms", 0, Long.MAX_VALUE));
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

    private static Optional<Promised> promised(ReceiptMembers root, RequestId id, Hash32 commitment)
            throws UnreadableReceipt {
        Optional<ReceiptMembers> promise = root.objectIfThere("promise");
        if (promise.isEmpty()) {
            return Optional.empty();
        }
        ReceiptMembers of = promise.get();
        SignedPromise signed = new SignedPromise(
                id,
                of.has("commitment") ? of.hash("commitment") : commitment,
                of.hash("leaf_hash"),
                of.number("anchor_by", 0, Long.MAX_VALUE));
        return Optional.of(new Promised(
                of.number("chain_id", 1, Long.MAX_VALUE),
                of.address("registry"),
                of.number("lane", 1, Long.MAX_VALUE),
                signed,
                of.bytes("signature", Promised.SIGNATURE_BYTES),
                of.address("signer")));
    }
}
