package openledger.verifier;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import openledger.commitment.BatchHeader;
import openledger.commitment.LeafBytes;
import openledger.commitment.PublishedPolicy;
import openledger.commitment.leaf.Leaf;
import openledger.commitment.leaf.LeafEncoding;
import openledger.commitment.leaf.LeafMode;
import openledger.commitment.leaf.OutcomeCommitment;
import openledger.commitment.leaf.RequestCommitment;
import openledger.commitment.leaf.RequestDigest;
import openledger.commitment.leaf.UsageRecord;
import openledger.commitment.log.HashedEntries;
import openledger.commitment.log.InclusionPath;
import openledger.commitment.verify.ChainEvidence;
import openledger.commitment.verify.ChainEvidence.Agreement;
import openledger.commitment.verify.ChainEvidence.SeenBlock;
import openledger.commitment.verify.ChainEvidence.Tags;
import openledger.commitment.verify.NodeTestimony;
import openledger.commitment.verify.Receipt;
import openledger.commitment.verify.RegistryCode;
import openledger.fairness.Attribution;
import openledger.routing.DecisionStatus;
import openledger.routing.Trigger;
import openledger.unit.Address;
import openledger.unit.Hash32;
import openledger.unit.LaneId;
import openledger.unit.RequestId;
import openledger.unit.RequestKey;
import openledger.unit.RouteId;

/**
 * A receipt as a router answers it, and what a node says of it: leaf 2 of 5 of batch 3 of lane 1, unless another batch is wanted.
 * Long because a receipt has many members.
 */
public final class GenuineReceipt {
    public static final String BODY = "{\"model\":\"assistant\"}";
    public static final String ANSWER = "{\"object\":\"chat.completion\"}";
    public static final Address REGISTRY = RegistryCode.ADDRESS;

    public static final Address OWNER = Address.parse("0x" + "cd".repeat(Address.BYTES));

    private static final ObjectMapper JSON = new ObjectMapper();
    private static final Hash32 SOME = Hash32.parse("0x" + "5e".repeat(Hash32.BYTES));
    private static final long TIME = 1_795_600_000_123L;
    private static final long COMMITTED_AT = 1_795_600_002;
    private static final long BLOCK = 50;
    private static final int COUNT = 5;
    private static final int INDEX = 2;
    private static final List<String> IDS = List.of("", "req-2");

    private final RequestId id;
    private final byte[] salt = new byte[16];
    private final byte[] digest = RequestDigest.of(BODY.getBytes(StandardCharsets.UTF_8), "");
    private final byte[] response = RequestDigest.of(ANSWER.getBytes(StandardCharsets.UTF_8), "");
    private final byte[] leaf;
    private final InclusionPath proof;
    private final BatchHeader header;

    public GenuineReceipt() {
        this(new LaneId(1), 3, SOME, SOME);
    }

    /** The same of another lane, as the batch behind {@code previousHead}. */
    public GenuineReceipt(LaneId lane, long sequence, Hash32 previousHead, Hash32 policyHash) {
        id = new RequestId(lane.value(), 12);
        leaf = LeafEncoding.encode(new Leaf(
                RequestCommitment.of(id, digest, salt),
                LeafMode.FAST,
                11,
                new RouteId(3),
                4,
                2,
                TIME,
                Leaf.NO_SNAPSHOT,
                0,
                1,
                Trigger.SERVER_ERROR,
                List.of(),
                new Leaf.Stage.Ended(
                        DecisionStatus.SERVED,
                        0,
                        2,
                        Attribution.NONE,
                        0,
                        900,
                        OutcomeCommitment.of(salt, response, IDS, UsageRecord.NONE))));
        byte[] leaves = new byte[COUNT * LeafEncoding.BYTES];
        for (int i = 0; i < COUNT; i++) {
            System.arraycopy(leaf, 0, leaves, i * LeafEncoding.BYTES, LeafEncoding.BYTES);
            leaves[i * LeafEncoding.BYTES] ^= (byte) (i ^ INDEX);
        }
        HashedEntries tree = LeafBytes.log(leaves);
        proof = tree.inclusion(INDEX);
        header = new BatchHeader(
                901,
                REGISTRY,
                lane,
                sequence,
                previousHead,
                policyHash,
                1,
                0,
                Hash32.ZERO,
                10,
                14,
                9,
                COUNT,
                COUNT,
                COUNT,
                tree.root(),
                SOME,
                TIME,
                TIME);
    }

    /** Of its batch. */
    public BatchHeader header() {
        return header;
    }

    /** What its leaf calls the request. */
    public RequestKey key() {
        return RequestCommitment.of(id, digest, salt);
    }

    /** The answer of {@code GET /v1/receipts/{id}}, to be changed. */
    public ObjectNode json() {
        ObjectNode root = JSON.createObjectNode();
        root.put("request", id.toString()).put("level", "SEQUENCED").put("status", "SERVED");
        root.put("arrival", Instant.ofEpochMilli(TIME).toString()).put("route", "assistant");
        root.put("route_id", 3).put("mode", "fast").put("operation", "chat").put("form", "plain");
        root.put("budget", 4).put("attempts", 2).put("tier", "best").put("target", "b/two");
        root.put("fallback_reason", "SERVER_ERROR").put("attribution", "NONE");
        root.put("body_sha256", hex(digest).substring(2))
                .put("response_sha256", hex(response).substring(2));
        ObjectNode times = root.putObject("time_ms");
        times.put("admit", 0.1).put("backoff", 50.0).put("upstream", 800.25).put("journal", 3.0);
        times.put("stream", 40.0).put("total", 900.999);
        ArrayNode attempts = root.putArray("attempt_list");
        attempt(attempts.addObject(), 1, "a/one", "SERVER_ERROR", 500);
        attempt(attempts.addObject(), 2, "b/two", "NONE", 200).put("upstream_request_id", IDS.getLast());
        ObjectNode commitment = root.putObject("commitment");
        commitment.put("digest", hex(digest)).put("salt", hex(salt)).put("response_sha256", hex(response));
        IDS.forEach(commitment.putArray("upstream_request_ids")::add);
        commitment.putArray("usage");
        root.put("leaf", hex(leaf));
        ObjectNode place = root.putObject("proof");
        place.put("index", proof.index()).put("size", proof.size());
        ArrayNode path = place.putArray("path");
        proof.path().stream().map(Hash32::toString).forEach(path::add);
        root.set("batch", batch());
        root.putObject("transaction")
                .put("hash", SOME.toString())
                .put("block_number", BLOCK)
                .put("block_hash", SOME.toString())
                .put("gas_used", 85_000);
        ObjectNode recorded = root.putArray("history").addObject();
        recorded.put("level", "RECORDED").put("at", "2026-11-25T12:00:00Z");
        ObjectNode urls = root.putObject("urls");
        urls.put("batch", "/v1/batches/3?lane=1").put("data", "/v1/batches/3/data?lane=1");
        urls.put("records", "/v1/batches/3/data?lane=1&part=records");
        urls.put("snapshots", "/v1/batches/3/data?lane=1&part=snapshots");
        urls.put("trees", "/v1/batches/3/data?lane=1&part=trees");
        return root;
    }

    private static ObjectNode attempt(ObjectNode node, int number, String target, String trigger, int status) {
        return node.put("number", number)
                .put("tier", "best")
                .put("target", target)
                .put("trigger", trigger)
                .put("http_status", status)
                .put("start_ms", 0.2)
                .put("duration_ms", 400.0);
    }

    private ObjectNode batch() {
        return JSON.createObjectNode()
                .put("version", 2)
                .put("chain_id", header.chainId())
                .put("registry", header.registry().toString())
                .put("lane", header.lane().value())
                .put("sequence", header.sequence())
                .put("previous_head", header.previousHead().toString())
                .put("policy_hash", header.policyHash().toString())
                .put("first_snapshot", header.firstSnapshot())
                .put("last_snapshot", header.lastSnapshot())
                .put("snapshot_root", header.snapshotRoot().toString())
                .put("first_counter", header.firstCounter())
                .put("last_counter", header.lastCounter())
                .put("complete_through", header.completeThrough())
                .put("count", header.count())
                .put("outcomes", header.outcomes())
                .put("size", header.size())
                .put("root", header.root().toString())
                .put("records_root", header.recordsRoot().toString())
                .put("first_ms", header.firstMillis())
                .put("last_ms", header.lastMillis())
                .put("head", header.head().toString())
                .put("committed_at", COMMITTED_AT);
    }

    /** What an honest node says. */
    public ChainEvidence evidence() {
        return new ChainEvidence(
                new NodeTestimony.Said<>(header.chainId()),
                new NodeTestimony.Said<>(RegistryCode.HASH),
                new NodeTestimony.Said<>(BatchHeader.record(header.head(), COMMITTED_AT)),
                new NodeTestimony.Said<>(Optional.of(new SeenBlock(BLOCK, SOME, COMMITTED_AT))),
                new NodeTestimony.Said<>(Agreement.YES),
                new NodeTestimony.Said<>(Optional.of(SOME)),
                new NodeTestimony.Said<>(new Tags(60, OptionalLong.of(55), OptionalLong.of(40))),
                new NodeTestimony.Said<>(Agreement.YES),
                new NodeTestimony.Said<>(List.of(3, 4)),
                new NodeTestimony.Said<>(List.of(new PublishedPolicy(
                        List.of(new PublishedPolicy.Budget(new RouteId(3), List.of(3, 4))),
                        List.of(new PublishedPolicy.Route(
                                "assistant",
                                List.of(
                                        new PublishedPolicy.Tier("best", 3, List.of("a/one", "b/two")),
                                        new PublishedPolicy.Tier("other", 4, List.of("c/three")))))))),
                new NodeTestimony.Said<>(OWNER),
                new NodeTestimony.Silent<>("no promise was signed."),
                new NodeTestimony.Silent<>("no promise was signed."));
    }

    /** What an honest node says that is asked for the transaction which the receipt names. */
    ChainEvidence evidence(Receipt receipt) {
        boolean isKnown = receipt.anchor()
                .filter(anchor -> anchor.transaction().equals(SOME))
                .isPresent();
        ChainEvidence all = evidence();
        return isKnown
                ? all
                : new ChainEvidence(
                        all.chainId(),
                        all.registryCode(),
                        all.batchRecord(),
                        new NodeTestimony.Said<>(Optional.empty()),
                        new NodeTestimony.Said<>(Agreement.NO),
                        new NodeTestimony.Silent<>("no block is known to have the transaction"),
                        all.tags(),
                        all.leafVerified(),
                        all.upTo(),
                        all.policies(),
                        all.laneOwner(),
                        all.signerRetiredAt(),
                        all.promiseSigner());
    }

    private static String hex(byte[] bytes) {
        return "0x" + HexFormat.of().formatHex(bytes);
    }
}
