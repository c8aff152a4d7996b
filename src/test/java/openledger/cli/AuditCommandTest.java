package openledger.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import openledger.commitment.BatchHeader;
import openledger.commitment.HeadSigning;
import openledger.commitment.LaneHead;
import openledger.commitment.SignedHead;
import openledger.commitment.evm.Keccak256;
import openledger.commitment.leaf.Leaf;
import openledger.commitment.leaf.LeafEncoding;
import openledger.commitment.leaf.LeafMode;
import openledger.commitment.leaf.OutcomeCommitment;
import openledger.commitment.leaf.UsageRecord;
import openledger.commitment.log.LogEdge;
import openledger.fairness.Attribution;
import openledger.routing.DecisionStatus;
import openledger.routing.Trigger;
import openledger.unit.Address;
import openledger.unit.Hash32;
import openledger.unit.LaneId;
import openledger.unit.RequestKey;
import openledger.unit.RouteId;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.web3j.crypto.Credentials;

/**
 * {@code openledger audit} against a router that publishes what it likes: all of it is read, and what is wrong is said. Long because such a
 * router publishes much.
 */
final class AuditCommandTest {
    private static final String POLICY =
            "{\"version\":1,\"routes\":[{\"name\":\"assistant\",\"budget\":3,\"tiers\":[{\"up_to\":2},{\"up_to\":3}]}]}";
    private static final int COHORT_AT = 35;

    private final List<BatchHeader> headers = new ArrayList<>();
    private final Map<Long, byte[]> data = new HashMap<>();
    private final Map<Long, byte[]> trees = new HashMap<>();
    private LogEdge log = LogEdge.EMPTY;
    private final List<Long> gone = new ArrayList<>();
    private String policy = POLICY;
    private Optional<Credentials> key = Optional.empty();
    private HttpServer server;

    @BeforeEach
    void serve() throws IOException {
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.createContext("/v1/policy", exchange -> send(exchange, 200, policy.getBytes(StandardCharsets.UTF_8)));
        server.createContext("/v1/batches", this::batches);
        server.start();
    }

    @AfterEach
    void stop() {
        server.stop(0);
    }

    private void batches(HttpExchange exchange) throws IOException {
        String path = exchange.getRequestURI().getPath().replace("/v1/batches", "");
        if (path.isEmpty()) {
            ObjectNode list = JsonNodeFactory.instance.objectNode();
            list.put("lane", 1).putArray("data").addObject().put("sequence", headers.size());
            send(exchange, 200, list.toString().getBytes(StandardCharsets.UTF_8));
            return;
        }
        long sequence = Long.parseLong(path.replaceAll("[^0-9]", ""));
        if (gone.contains(sequence)) {
            send(exchange, 500, new byte[1]);
        } else if (String.valueOf(exchange.getRequestURI().getQuery()).contains("part=trees")) {
            send(exchange, 200, trees.getOrDefault(sequence, new byte[0]));
        } else if (path.endsWith("/data")) {
            send(exchange, 200, data.getOrDefault(sequence, new byte[0]));
        } else {
            BatchHeader header = headers.get((int) sequence - 1);
            ObjectNode batch = key.map(signer -> signed(header, signer)).orElseGet(() -> json(header));
            send(exchange, 200, batch.toString().getBytes(StandardCharsets.UTF_8));
        }
    }

    private static void send(HttpExchange exchange, int status, byte[] body) throws IOException {
        exchange.sendResponseHeaders(status, body.length);
        exchange.getResponseBody().write(body);
        exchange.close();
    }

    private static ObjectNode json(BatchHeader header) {
        return JsonNodeFactory.instance
                .objectNode()
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
                .put("head", header.head().toString());
    }

    private long requests;

    private byte[] fast(int attempts, int tier) {
        return LeafEncoding.encode(new Leaf(
                RequestKey.of(new byte[RequestKey.COMMITMENT_BYTES], ++requests),
                LeafMode.FAST,
                1,
                new RouteId(4),
                3,
                attempts,
                1_000_000,
                Leaf.NO_SNAPSHOT,
                0,
                1,
                attempts > 1 ? Trigger.RATE_LIMITED : Trigger.NONE,
                List.of(),
                new Leaf.Stage.Ended(
                        tier == 0 ? DecisionStatus.SERVED : DecisionStatus.FELL_BACK,
                        tier,
                        tier + 1,
                        Attribution.NONE,
                        0,
                        100,
                        OutcomeCommitment.of(new byte[16], new byte[32], List.of(), UsageRecord.NONE))));
    }

    private void publish(byte[]... leaves) {
        byte[] all = new byte[leaves.length * LeafEncoding.BYTES];
        for (int i = 0; i < leaves.length; i++) {
            System.arraycopy(leaves[i], 0, all, i * LeafEncoding.BYTES, LeafEncoding.BYTES);
        }
        long sequence = headers.size() + 1L;
        trees.put(sequence, joined(log.trees()));
        log = log.append(all, LeafEncoding.BYTES).edge();
        headers.add(new BatchHeader(
                901,
                Address.of(new byte[Address.BYTES]),
                new LaneId(1),
                sequence,
                headers.isEmpty() ? Hash32.ZERO : headers.getLast().head(),
                Hash32.of(Keccak256.digest(POLICY.getBytes(StandardCharsets.UTF_8))),
                1,
                0,
                Hash32.ZERO,
                1,
                requests,
                requests,
                leaves.length,
                leaves.length,
                log.size(),
                log.root(),
                Hash32.ZERO,
                1_000_000,
                1_000_000));
        data.put(sequence, all);
    }

    private static byte[] joined(List<Hash32> hashes) {
        byte[] all = new byte[hashes.size() * Hash32.BYTES];
        for (int i = 0; i < hashes.size(); i++) {
            hashes.get(i).copyTo(all, i * Hash32.BYTES);
        }
        return all;
    }

    private int code;

    private String audit(String... more) {
        List<String> arguments = new ArrayList<>(
                List.of("audit", "http://127.0.0.1:" + server.getAddress().getPort(), "--key-env", "HOME"));
        arguments.addAll(List.of(more));
        StringWriter out = new StringWriter();
        code = Main.line()
                .setOut(new PrintWriter(out))
                .setErr(new PrintWriter(out))
                .execute(arguments.toArray(String[]::new));
        return out.toString();
    }

    private static ObjectNode signed(BatchHeader header, Credentials key) {
        SignedHead signed = HeadSigning.sign(header.chainId(), header.registry(), LaneHead.of(header), key);
        ObjectNode batch = json(header);
        batch.putObject("signed_head")
                .put("signature", signed.signatureText())
                .put("signer", signed.signer().toString());
        return batch;
    }

    @Test
    void anotherSignedHeadThanTheKeptOneIsAnEquivocation(@TempDir Path folder) throws IOException {
        publish(fast(1, 0));
        String kept = Files.writeString(
                        folder.resolve("batch.json"),
                        signed(headers.getFirst(), HeadSigning.KEY).toString())
                .toString();
        String stranger = Files.writeString(
                        folder.resolve("receipt.json"),
                        JsonNodeFactory.instance
                                .objectNode()
                                .set("batch", signed(headers.getFirst(), HeadSigning.OTHER_KEY))
                                .toString())
                .toString();
        key = Optional.of(HeadSigning.KEY);
        assertThat(audit("--kept", kept)).contains("No difference.");

        headers.clear();
        log = LogEdge.EMPTY;
        requests = 0;
        publish(fast(2, 0));

        assertThat(audit("--kept", stranger)).contains("No difference.");
        assertThat(audit("--kept", stranger, "--kept", kept))
                .contains(
                        "EQUIVOCATED",
                        "Batch 1 has two signed heads",
                        headers.getFirst().head().toString())
                .contains("1 differences.");
        assertThat(code).isEqualTo(1);
    }

    @Test
    void aKeptFileWithoutASignedHeadIsWrongUsage(@TempDir Path folder) throws IOException {
        publish(fast(1, 0));
        Path kept = Files.writeString(
                folder.resolve("batch.json"), json(headers.getFirst()).toString());

        assertThat(audit("--kept", kept.toString())).contains("it has no signed head");
        assertThat(code).isEqualTo(2);
    }

    @Test
    void anHonestFastLaneHasNoDifference() {
        publish(fast(1, 0), fast(2, 0), fast(3, 1));
        publish(fast(1, 0));

        assertThat(audit()).contains("2 batches: 4 leaves checked", "No difference.");
        assertThat(code).isZero();
    }

    @Test
    void oneLeafThatIsNoneHidesNothing() {
        byte[] hostile = fast(1, 0);
        hostile[COHORT_AT] = 64;
        publish(fast(1, 0), hostile);
        publish(fast(1, 1), fast(2, 1));

        assertThat(audit())
                .contains("UNREADABLE", "batch 1: leaf 1 is invalid: cohort: 0..63, not 64")
                .contains("It was served by tier 1 after 1 attempts", "It was served by tier 1 after 2 attempts")
                .contains("3 differences.");
        assertThat(code).isEqualTo(1);
    }

    @Test
    void dataOfAnotherHeaderAndAHeaderOfAnotherChainAreDifferences() {
        publish(fast(1, 0));
        publish(fast(1, 0));
        publish(fast(1, 1));
        data.put(1L, fast(2, 0));
        headers.set(1, headers.get(2));

        assertThat(audit())
                .contains("batch 1: its leaves do not match the header")
                .contains("batch 2: its header and its head do not match")
                .contains("RULE_BROKEN");
        assertThat(code).isEqualTo(1);
    }

    @Test
    void aPolicyThatIsNotTheHeadersIsSaid() {
        publish(fast(1, 0), fast(2, 1));
        policy = POLICY.replace("\"up_to\":2", "\"up_to\":1");

        assertThat(audit())
                .contains("2 leaves could not be checked against all rules")
                .contains("could not be downloaded: the text has another hash");
        assertThat(code).isEqualTo(2);
    }

    @Test
    void aBatchThatIsNotHadIsSaidAndTheNextIsRead() {
        publish(fast(1, 0));
        publish(fast(1, 0));
        publish(fast(1, 0));
        gone.add(2L);

        assertThat(audit()).contains("1 batches could not be downloaded", "2 leaves checked", "No difference.");
        assertThat(code).isEqualTo(2);
        gone.addAll(List.of(1L, 3L));
        assertThat(audit()).contains("3 batches in a row could not be downloaded");
        assertThat(code).isEqualTo(2);
    }
}
