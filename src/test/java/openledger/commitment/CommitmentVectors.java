package openledger.commitment;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.charset.StandardCharsets;
import java.time.LocalDate;
import java.util.Arrays;
import java.util.List;
import openledger.commitment.leaf.LaneSecret;
import openledger.commitment.leaf.LeafKind;
import openledger.commitment.leaf.OutcomeCommitment;
import openledger.commitment.leaf.RequestCommitment;
import openledger.commitment.leaf.RequestDigest;
import openledger.commitment.leaf.UsageRecord;
import openledger.commitment.leaf.UsageRecord.Usage;
import openledger.unit.Address;
import openledger.unit.Hash32;
import openledger.unit.RequestId;
import openledger.unit.RequestKey;

/** Digests, commitments to requests and answers, what follows from a lane's secret, promises, and heads. */
public final class CommitmentVectors {
    private static final RequestId SMALLEST = new RequestId(1, 1);
    private static final RequestId ORDINARY = new RequestId(7, 50_000);
    private static final RequestId LARGEST = new RequestId(Long.MAX_VALUE, Long.MAX_VALUE);

    private CommitmentVectors() {}

    static ObjectNode all() {
        ObjectNode all = VectorsWriter.object();
        ArrayNode digests = all.putArray("digests");
        for (String nonce : List.of("", "n", "client-nonce 0123456789")) {
            String body = "{\"model\":\"assistant\",\"messages\":[]}";
            digests.addObject()
                    .put("body", body)
                    .put("nonce", nonce)
                    .put("digest", VectorsWriter.hex(RequestDigest.of(body.getBytes(StandardCharsets.UTF_8), nonce)));
        }
        ArrayNode requests = all.putArray("requests");
        request(requests, "smallest", SMALLEST, new byte[32], new byte[16]);
        request(requests, "an ordinary one", ORDINARY, VectorsWriter.word("digest"), salt());
        request(requests, "largest", LARGEST, ones(32), ones(16));
        ArrayNode outcomes = all.putArray("outcomes");
        Usage whole = new Usage(1, 1_200, 1_000, 0, 345, 128, "model-2026-11-01");
        Usage silent = new Usage(
                3,
                UsageRecord.UNKNOWN,
                UsageRecord.UNKNOWN,
                UsageRecord.UNKNOWN,
                UsageRecord.UNKNOWN,
                UsageRecord.UNKNOWN,
                "");
        Usage largest = new Usage(
                255, Long.MAX_VALUE, Long.MAX_VALUE, Long.MAX_VALUE, Long.MAX_VALUE, Long.MAX_VALUE, "é".repeat(127));
        outcome(outcomes, "no attempt, no answer", new byte[16], new byte[32], List.of(), UsageRecord.NONE);
        outcome(
                outcomes,
                "one attempt without a name",
                salt(),
                VectorsWriter.word("response"),
                List.of(""),
                new UsageRecord(List.of(whole), Hash32.ZERO));
        outcome(
                outcomes,
                "names, and a provider that does not say",
                salt(),
                VectorsWriter.word("response"),
                List.of("req-1", "", "req-é"),
                new UsageRecord(List.of(whole, silent), Hash32.of(VectorsWriter.word("prices"))));
        outcome(
                outcomes,
                "a long name, large numbers",
                ones(16),
                ones(32),
                List.of("x".repeat(128)),
                new UsageRecord(List.of(largest), Hash32.of(ones(32))));
        ArrayNode lanes = all.putArray("lanes");
        lane(lanes, new byte[32], SMALLEST, "demo", LocalDate.EPOCH);
        lane(lanes, VectorsWriter.word("secret"), ORDINARY, "tenant-é", LocalDate.of(2026, 11, 22));
        lane(lanes, VectorsWriter.word("secret"), ORDINARY, "tenant-é", LocalDate.of(2026, 11, 23));
        lane(lanes, ones(32), LARGEST, "a", LocalDate.of(2100, 1, 1));
        ArrayNode promises = all.putArray("promises");
        Address registry = HeaderVectors.ordinary().registry();
        promise(
                promises,
                901,
                registry,
                new LeafPromise(1, RequestKey.of(new byte[24], 1), LeafKind.PLAN, Hash32.ZERO, 0, 0));
        promise(
                promises,
                901,
                registry,
                new LeafPromise(
                        7,
                        RequestKey.of(VectorsWriter.word("commitment"), 50_000),
                        LeafKind.OUTCOME,
                        Hash32.of(VectorsWriter.word("leaf hash")),
                        1_795_600_000L,
                        1_795_600_030L));
        promise(
                promises,
                Long.MAX_VALUE,
                Address.of(ones(Address.BYTES)),
                new LeafPromise(
                        Long.MAX_VALUE,
                        RequestKey.of(ones(32), Long.MAX_VALUE),
                        LeafKind.OUTCOME,
                        Hash32.of(ones(32)),
                        Long.MAX_VALUE,
                        Long.MAX_VALUE));
        ArrayNode heads = all.putArray("heads");
        head(heads, 901, registry, new LaneHead(1, 1, Hash32.ZERO));
        head(heads, 901, registry, LaneHead.of(HeaderVectors.ordinary()));
        head(
                heads,
                Long.MAX_VALUE,
                Address.of(ones(Address.BYTES)),
                new LaneHead(Long.MAX_VALUE, Long.MAX_VALUE, Hash32.of(ones(32))));
        return all;
    }

    public static byte[] salt() {
        return Arrays.copyOf(VectorsWriter.word("salt"), LaneSecret.SALT_BYTES);
    }

    private static byte[] ones(int count) {
        byte[] ones = new byte[count];
        Arrays.fill(ones, (byte) 0xff);
        return ones;
    }

    private static void request(ArrayNode to, String name, RequestId id, byte[] digest, byte[] salt) {
        to.addObject()
                .put("name", name)
                .put("request_id", "0x" + id)
                .put("digest", VectorsWriter.hex(digest))
                .put("salt", VectorsWriter.hex(salt))
                .put("request_key", RequestCommitment.of(id, digest, salt).toString());
    }

    private static void outcome(
            ArrayNode to, String name, byte[] salt, byte[] digest, List<String> ids, UsageRecord usage) {
        ObjectNode node = to.addObject()
                .put("name", name)
                .put("salt", VectorsWriter.hex(salt))
                .put("response_digest", VectorsWriter.hex(digest));
        ArrayNode list = node.putArray("upstream_request_ids");
        ids.forEach(list::add);
        ArrayNode attempts = node.putArray("usage");
        usage.attempts()
                .forEach(each -> attempts.addObject()
                        .put("attempt", Integer.toString(each.attempt()))
                        .put("input", Long.toString(each.input()))
                        .put("cached", Long.toString(each.cached()))
                        .put("cache_written", Long.toString(each.cacheWritten()))
                        .put("output", Long.toString(each.output()))
                        .put("reasoning", Long.toString(each.reasoning()))
                        .put("model", each.model()));
        node.put("price_table", usage.priceTable().toString());
        node.put("usage_bytes", VectorsWriter.hex(usage.bytes()));
        node.put("commitment", OutcomeCommitment.of(salt, digest, ids, usage).toString());
    }

    private static void lane(ArrayNode to, byte[] secret, RequestId id, String tenant, LocalDate day) {
        LaneSecret lane = new LaneSecret(secret);
        to.addObject()
                .put("secret", VectorsWriter.hex(secret))
                .put("request_id", "0x" + id)
                .put("salt", VectorsWriter.hex(lane.salt(id)))
                .put("tenant", tenant)
                .put("day", day.toString())
                .put("cohort", Integer.toString(lane.cohort(tenant, day)))
                .put("tenant_tag", VectorsWriter.hex(lane.tenantTag(tenant, day)));
    }

    private static void promise(ArrayNode to, long chainId, Address registry, LeafPromise promise) {
        to.addObject()
                .put("chain_id", Long.toString(chainId))
                .put("registry", registry.toString())
                .put("lane", Long.toString(promise.lane()))
                .put("request_key", promise.request().toString())
                .put("kind", Integer.toString(promise.kind().code()))
                .put("leaf_hash", promise.leafHash().toString())
                .put("signed_at", Long.toString(promise.signedAt()))
                .put("anchor_by", Long.toString(promise.anchorBy()))
                .put(
                        "domain_separator",
                        new RegistryDomain(chainId, registry).separator().toString())
                .put("struct_hash", promise.structHash().toString())
                .put("digest", promise.digest(chainId, registry).toString());
    }

    private static void head(ArrayNode to, long chainId, Address registry, LaneHead head) {
        to.addObject()
                .put("chain_id", Long.toString(chainId))
                .put("registry", registry.toString())
                .put("lane", Long.toString(head.lane()))
                .put("sequence", Long.toString(head.sequence()))
                .put("head", head.head().toString())
                .put("struct_hash", head.structHash().toString())
                .put("digest", head.digest(chainId, registry).toString());
    }
}
