package openledger.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import openledger.chain.LaneSigner;
import openledger.chain.LocalChain;
import openledger.chain.Web3jLedger;
import openledger.commitment.LeafPromise;
import openledger.commitment.evm.Keccak256;
import openledger.commitment.leaf.LeafKind;
import openledger.demo.AnvilNode;
import openledger.settlement.ledger.Inclusion;
import openledger.settlement.ledger.LedgerCall;
import openledger.settlement.ledger.LedgerCall.RouteBudget;
import openledger.unit.Hash32;
import openledger.unit.RouteId;
import openledger.verifier.GenuineReceipt;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import picocli.CommandLine;

/**
 * {@code openledger bundle} with a real chain and an address that answers as a router does, and what its files prove when both are gone.
 * Long because the batch, its receipt and a promise are made here.
 */
final class BundleCommandTest {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final String NOWHERE = "http://127.0.0.1:1";
    private static final String ID = "0".repeat(15) + "1" + "0".repeat(15) + "c";

    @TempDir
    Path folder = Path.of("");

    private HttpServer router;
    private volatile String answer = "";

    @BeforeEach
    void serve() throws IOException {
        router = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        router.createContext("/v1/receipts/", exchange -> {
            boolean isKnown = "Bearer sk-1".equals(exchange.getRequestHeaders().getFirst("authorization"));
            byte[] bytes = answer.getBytes(StandardCharsets.UTF_8);
            exchange.sendResponseHeaders(isKnown ? 200 : 401, bytes.length);
            exchange.getResponseBody().write(bytes);
            exchange.close();
        });
        router.start();
    }

    @AfterEach
    void stop() {
        router.stop(0);
    }

    /** One test, because a chain is dear: the bundle is made, the chain ends, and what is left has to stand alone. */
    @Test
    void whatItWritesVerifiesWhenRouterAndChainAreGone() throws IOException, InterruptedException {
        ObjectNode receipt;
        String hash;
        try (LocalChain chain = new LocalChain(folder.resolve("chain"))) {
            receipt = settled(chain);
            answer = receipt.toString();
            List<String> node = List.of("--rpc", chain.node.rpc().toString());

            Ran written = bundle(receipt.path("request").asText(), "b.json", "latest", node);

            assertThat(written.code).as("%s", written).isZero();
            hash = written.out.lines().skip(1).findFirst().orElseThrow().strip();
            assertThat(written.out).contains("(latest), whose hash is").doesNotContain("open ", "REFUTED");
            Ran best = bundle(
                    receipt.path("request").asText(),
                    "best.json",
                    "--rpc",
                    chain.node.rpc().toString());
            assertThat(best.code).as("%s", best).isZero();
            assertThat(best.out).containsPattern("\\((finalized|safe|latest)\\), whose hash is");
            assertThat(verify("b.json", "--rpc", chain.node.rpc().toString(), "--lane", lane()).code)
                    .isZero();
            assertThat(bundle(receipt.path("request").asText(), "b.json", "latest", node).err)
                    .contains("does not exist");
            Ran early = bundle(receipt.path("request").asText(), "early.json", "1", node);
            assertThat(early.code).isEqualTo(2);
            assertThat(early.err).contains("older than the batch");
            receipt.put("status", "FELL_BACK");
            answer = receipt.toString();
            Ran refuted = bundle(receipt.path("request").asText(), "refuted.json", "latest", node);
            assertThat(refuted.code).isOne();
            assertThat(refuted.out).contains("REFUTED   The record says what the leaf says");
        }
        router.stop(0);

        Ran alone = verify("b.json", "--block-hash", hash, "--lane", lane());
        assertThat(alone.code).as("%s", alone).isZero();
        assertThat(alone.out)
                .contains(
                        "VERIFIED: every check that matters has passed, by the state of block",
                        "Level by the evidence: SEQUENCED",
                        "No state shows which transaction committed the batch",
                        "The lane's signing key signed the promise, and it was kept.");
        Ran open = verify("b.json", "--lane", lane());
        assertThat(open.code).isEqualTo(2);
        assertThat(open.out).contains(hash, "name it with --block-hash");
        assertThat(verify("b.json", "--block-hash", hash).code).isEqualTo(2);
        assertThat(verify("b.json", "--block-hash", hash, "--any-lane").code).isZero();
        assertThat(verify("b.json", "--block-hash", "0x" + "12".repeat(32), "--lane", lane()).code)
                .isOne();
        assertThat(verify("b.json", "--block-hash", hash, "--lane", "1").code).isOne();
        assertThat(verify("b.json", "--block-hash", hash, "--lane", lane(), "--chain-id", "10").code)
                .isOne();
        assertThat(verify("b.json", "--block-hash", hash, "--lane", lane(), "--registry", "0x" + "34".repeat(20)).code)
                .isOne();
        assertThat(verify(
                                "b.json",
                                "--block-hash",
                                hash,
                                "--lane-owner",
                                LocalChain.ACCOUNT.address().toString())
                        .code)
                .isZero();
        assertThat(verify("b.json", "--block-hash", hash, "--lane-owner", "0x" + "34".repeat(20)).code)
                .isOne();
        assertThat(verify("b.json", "--rpc", NOWHERE, "--lane", lane()).code).isEqualTo(2);
        assertThat(verify("refuted.json", "--block-hash", hash, "--lane", lane()).code)
                .isOne();
    }

    private static String lane() {
        return Long.toString(LocalChain.LANE.value());
    }

    /** A receipt whose batch is on the chain, with a promise of the lane's key. */
    private static ObjectNode settled(LocalChain chain) {
        byte[] policy = "{\"routes\":[{\"name\":\"assistant\"}]}".getBytes(StandardCharsets.UTF_8);
        GenuineReceipt genuine =
                new GenuineReceipt(LocalChain.LANE, 1, Hash32.ZERO, Hash32.of(Keccak256.digest(policy)));
        Web3jLedger ledger = chain.ledger();
        chain.include(ledger, LocalChain.opening());
        chain.include(
                ledger,
                new LedgerCall.PublishPolicy(
                        LocalChain.LANE, policy, List.of(new RouteBudget(new RouteId(3), List.of(3, 4)))));
        Inclusion inclusion = chain.include(ledger, new LedgerCall.Commit(genuine.header(), Optional.empty()))
                .inclusion();
        ledger.close();
        ObjectNode receipt = genuine.json();
        ((ObjectNode) receipt.get("batch")).put("committed_at", inclusion.committedAt());
        receipt.putObject("transaction")
                .put("hash", inclusion.transaction().toString())
                .put("block_number", inclusion.block().number())
                .put("block_hash", inclusion.block().hash().toString());
        LeafPromise promise = new LeafPromise(
                LocalChain.LANE.value(),
                genuine.key(),
                LeafKind.OUTCOME,
                Hash32.ZERO,
                inclusion.committedAt(),
                inclusion.committedAt() + 60);
        byte[] signature = LocalChain.await(
                new LaneSigner(chain.vertx, chain.account).sign(promise.digest(AnvilNode.CHAIN_ID, chain.registry)));
        receipt.putObject("promise")
                .put("chain_id", AnvilNode.CHAIN_ID)
                .put("registry", chain.registry.toString())
                .put("lane", promise.lane())
                .put("request_key", promise.request().word().toString())
                .put("kind", "OUTCOME")
                .put("leaf_hash", Hash32.ZERO.toString())
                .put("signed_at", promise.signedAt())
                .put("anchor_by", promise.anchorBy())
                .put("signature", "0x" + HexFormat.of().formatHex(signature))
                .put("signer", chain.account.address().toString());
        return receipt;
    }

    @ParameterizedTest
    @CsvSource({
        "--router, ftp://x, --router must be",
        "--rpc, x, --rpc must be",
        "--key-env, NONE, --key-env must name",
        "--block, oldest, --block must be",
        "--block, -1, --block must be",
        "--out, ., --out must name",
    })
    void explainsWrongUsage(String option, String value, String explanation) {
        Ran ran = bundle(ID, "out.json", option, value);

        assertThat(ran.code).isEqualTo(2);
        assertThat(ran.err).contains(explanation);
    }

    @Test
    void writesNothingThatProvesNothing() throws IOException {
        ObjectNode receipt = new GenuineReceipt().json();
        answer = receipt.toString();

        assertThat(bundle(ID, "out.json", "--rpc", NOWHERE).err)
                .contains("Nothing was written: the node gives no proof: ");
        assertThat(bundle("0".repeat(15) + "2" + "0".repeat(15) + "c", "out.json", "--rpc", NOWHERE).err)
                .contains("receipt of another request");
        receipt.remove("transaction");
        answer = receipt.toString();
        assertThat(bundle(ID, "out.json", "--rpc", NOWHERE).err).contains("not on chain yet");
        answer = "{}";
        assertThat(bundle(ID, "out.json", "--rpc", NOWHERE).err).contains("Nothing was written: ");
        assertThat(bundle("x", "out.json", "--rpc", NOWHERE).err).contains("ID must be");
        assertThat(bundle(ID, "out.json", "--key-env", "OTHER").err).contains("status 401");
        assertThat(Files.exists(folder.resolve("out.json"))).isFalse();
    }

    /** Whatever a node answers, a file is written only if it proves what it is for. */
    @Test
    void aNodeThatLiesGetsNothingWritten() throws IOException {
        answer = new GenuineReceipt().json().toString();
        JsonNode known =
                JSON.readTree(Path.of("src/test/resources/mainnet/state.json").toFile());
        JsonNode block = known.path("headers").get(2);
        ObjectNode proof = ((ObjectNode) known.path("proofs").get(0)).deepCopy();
        JsonNode slot = proof.path("storageProof").get(0);
        proof.putArray("storageProof").add(slot).add(slot).add(slot);

        assertThat(lied(block, proof)).contains("the node's proof does not hold: the state is not proved");
        assertThat(lied(block, proof.deepCopy().put("accountProof", "0x"))).contains("malformed: eth_getProof");
        assertThat(lied(block, proof.deepCopy().set("storageProof", JSON.createArrayNode())))
                .contains("malformed: eth_getProof");
        assertThat(lied(((ObjectNode) block).deepCopy().put("gasUsed", "0x1"), proof))
                .contains("a form that this program does not know, or its hash is wrong");
        assertThat(lied(((ObjectNode) block).deepCopy().put("number", "0x" + "f".repeat(99)), proof))
                .contains("malformed");
        assertThat(lied(JSON.nullNode(), proof)).contains("the node has no block latest");
        assertThat(lied(JSON.createObjectNode(), proof)).contains("malformed");
        assertThat(lied(JSON.createArrayNode(), proof)).contains("the node has no block latest");
        assertThat(lied(block, JSON.nullNode())).contains("malformed: eth_getProof");
        assertThat(Files.exists(folder.resolve("lie.json"))).isFalse();
    }

    private String lied(JsonNode block, JsonNode proof) throws IOException {
        HttpServer node = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        node.createContext("/", exchange -> {
            JsonNode question = JSON.readTree(exchange.getRequestBody());
            ObjectNode said = JSON.createObjectNode().put("jsonrpc", "2.0");
            said.set("id", question.get("id"));
            said.set("result", "eth_getProof".equals(question.path("method").asText()) ? proof : block);
            byte[] bytes = JSON.writeValueAsBytes(said);
            exchange.getResponseHeaders().set("content-type", "application/json");
            exchange.sendResponseHeaders(200, bytes.length);
            exchange.getResponseBody().write(bytes);
            exchange.close();
        });
        node.start();
        try {
            Ran ran = bundle(
                    ID,
                    "lie.json",
                    "latest",
                    List.of("--rpc", "http://127.0.0.1:" + node.getAddress().getPort()));
            assertThat(ran.code).as("%s", ran).isEqualTo(2);
            return ran.err;
        } finally {
            node.stop(0);
        }
    }

    @Test
    void anAnchorIsNamedOnceAndForBundlesOnly() throws IOException {
        Files.writeString(
                folder.resolve("receipt.json"), new GenuineReceipt().json().toString());
        String hash = "0x" + "12".repeat(32);

        assertThat(verify("receipt.json", "--block-hash", hash).err).contains("--block-hash is for bundles");
        assertThat(verify("receipt.json", "--block-hash", hash, "--rpc", NOWHERE).err)
                .contains("give one of them");
        assertThat(verify("receipt.json", "--block-hash", "0x12").err).contains("--block-hash must be");
    }

    private Ran bundle(String id, String out, String block, List<String> node) {
        List<String> arguments = new ArrayList<>(List.of("--block", block));
        arguments.addAll(node);
        return bundle(id, out, arguments.toArray(String[]::new));
    }

    private Ran bundle(String id, String out, String... options) {
        List<String> given = List.of(options);
        List<String> arguments = new ArrayList<>(List.of(id));
        arguments.addAll(given);
        String address =
                URI.create("http://127.0.0.1:" + router.getAddress().getPort()).toString();
        for (List<String> pair : List.of(
                List.of("--router", address),
                List.of("--key-env", "KEY"),
                List.of("--rpc", NOWHERE),
                List.of("--out", folder.resolve(out).toString()))) {
            if (!given.contains(pair.getFirst())) {
                arguments.addAll(pair);
            }
        }
        return run(
                new BundleCommand(name -> "KEY".equals(name) ? "sk-1" : "OTHER".equals(name) ? "sk-2" : null),
                arguments);
    }

    private Ran verify(String file, String... options) {
        List<String> arguments = new ArrayList<>(List.of(options));
        arguments.add(folder.resolve(file).toString());
        return run(new VerifyCommand(), arguments);
    }

    private static Ran run(Object command, List<String> arguments) {
        StringWriter out = new StringWriter();
        StringWriter err = new StringWriter();
        int code = new CommandLine(command)
                .setOut(new PrintWriter(out))
                .setErr(new PrintWriter(err))
                .execute(arguments.toArray(String[]::new));
        return new Ran(code, out.toString(), err.toString());
    }

    private record Ran(int code, String out, String err) {}
}
