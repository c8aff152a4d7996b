package openledger.support.lane;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executors;
import openledger.chain.LaneSigner;
import openledger.chain.LocalChain;
import openledger.chain.Web3jLedger;
import openledger.commitment.BatchHeader;
import openledger.commitment.LaneHead;
import openledger.commitment.LeafPromise;
import openledger.commitment.SignedPromise;
import openledger.commitment.leaf.LeafKind;
import openledger.demo.AnvilNode;
import openledger.settlement.ledger.Inclusion;
import openledger.settlement.ledger.LedgerCall;
import openledger.unit.Hash32;
import openledger.unit.RequestKey;

/**
 * A lane whose operator lies: whatever it likes is committed on a local chain and served, or not, as a router serves it. It has two faces,
 * at two addresses, which may show different heads. Safe for the threads that serve; all else is confined to one.
 */
public final class LyingLane implements AutoCloseable {
    /** Its leaves are made by hand. */
    public final HandLane hand;

    private final LocalChain chain;
    private final Web3jLedger ledger;
    private final Map<Long, HandLane.Batch> batches = new ConcurrentHashMap<>();
    private final Map<Long, byte[]> instead = new ConcurrentHashMap<>();
    private final Map<Long, BatchHeader> shown = new ConcurrentHashMap<>();
    private final Set<Long> hidden = ConcurrentHashMap.newKeySet();
    private final Set<Long> withoutRecords = ConcurrentHashMap.newKeySet();
    private final HttpServer one;
    private final HttpServer other;

    /** Opens the lane of {@link LocalChain#ACCOUNT} and publishes its route. */
    public LyingLane(LocalChain chain, long millis) throws IOException {
        this.chain = chain;
        this.ledger = chain.ledger();
        chain.open(ledger);
        this.hand = new HandLane(AnvilNode.CHAIN_ID, chain.registry, LocalChain.LANE, LocalChain.POLICY_HASH, millis);
        this.one = serve(Map.of());
        this.other = serve(shown);
    }

    private HttpServer serve(Map<Long, BatchHeader> others) throws IOException {
        HttpServer server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.setExecutor(
                Executors.newFixedThreadPool(2, Thread.ofPlatform().daemon().factory()));
        server.createContext("/v1/batches", exchange -> answer(exchange, others));
        server.start();
        return server;
    }

    /** Commits a batch and serves it. */
    public HandLane.Batch commit(HandLane.Batch batch) {
        batches.put(batch.header().sequence(), batch);
        Inclusion inclusion = chain.include(ledger, new LedgerCall.Commit(batch.header(), Optional.empty()))
                .inclusion();
        if (inclusion.effect() != Inclusion.Effect.DONE) {
            throw new IllegalStateException("batch " + batch.header().sequence() + " was refused: " + inclusion);
        }
        return batch;
    }

    /** Serves no leaves of a batch. */
    public void hide(long sequence) {
        hidden.add(sequence);
    }

    /** Serves no records of a batch. */
    public void hideRecords(long sequence) {
        withoutRecords.add(sequence);
    }

    /** Serves other leaves than were committed. */
    public void serveInstead(long sequence, byte[] leaves) {
        instead.put(sequence, leaves);
    }

    /** Shows another head of a batch at its other address. */
    public void showAnother(BatchHeader header) {
        shown.put(header.sequence(), header);
    }

    /** Both addresses. */
    public List<URI> addresses() {
        return List.of(address(one), address(other));
    }

    private static URI address(HttpServer server) {
        return URI.create("http://127.0.0.1:" + server.getAddress().getPort());
    }

    /**
     * That a leaf will be committed, signed by the lane's key.
     *
     * @param leafHash zero if it is not said
     * @param signedAt Unix s
     * @param anchorBy Unix s
     */
    public SignedPromise promise(RequestKey key, LeafKind kind, Hash32 leafHash, long signedAt, long anchorBy) {
        LeafPromise promise = new LeafPromise(LocalChain.LANE.value(), key, kind, leafHash, signedAt, anchorBy);
        byte[] signature = sign(promise.digest(AnvilNode.CHAIN_ID, chain.registry));
        return new SignedPromise(AnvilNode.CHAIN_ID, chain.registry, promise, signature, chain.account.address());
    }

    private byte[] sign(Hash32 digest) {
        return LocalChain.await(new LaneSigner(chain.vertx, chain.account).sign(digest));
    }

    private void answer(HttpExchange exchange, Map<Long, BatchHeader> others) throws IOException {
        String path = exchange.getRequestURI().getPath();
        String query = String.valueOf(exchange.getRequestURI().getQuery());
        long sequence = Long.parseLong(path.replaceAll("^/v1/batches/|/data$", ""));
        HandLane.Batch batch = batches.get(sequence);
        boolean isData = path.endsWith("/data");
        if (batch == null || (isData && isHidden(sequence, query))) {
            send(exchange, 404, new byte[1]);
        } else if (!isData) {
            send(exchange, 200, json(others.getOrDefault(sequence, batch.header())));
        } else if (query.contains("part=trees")) {
            send(exchange, 200, trees(batch));
        } else if (query.contains("part=records")) {
            send(exchange, 200, batch.records());
        } else {
            send(exchange, 200, instead.getOrDefault(sequence, batch.leaves()));
        }
    }

    private boolean isHidden(long sequence, String query) {
        return hidden.contains(sequence) || (query.contains("part=records") && withoutRecords.contains(sequence));
    }

    private static byte[] trees(HandLane.Batch batch) {
        byte[] trees = new byte[batch.before().size() * Hash32.BYTES];
        for (int i = 0; i < batch.before().size(); i++) {
            batch.before().get(i).copyTo(trees, i * Hash32.BYTES);
        }
        return trees;
    }

    private byte[] json(BatchHeader header) {
        ObjectNode batch = JsonNodeFactory.instance
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
        byte[] signature = sign(LaneHead.of(header).digest(header.chainId(), header.registry()));
        batch.putObject("signed_head")
                .put("signature", "0x" + HexFormat.of().formatHex(signature))
                .put("signer", chain.account.address().toString());
        return batch.toString().getBytes(StandardCharsets.US_ASCII);
    }

    private static void send(HttpExchange exchange, int status, byte[] body) throws IOException {
        exchange.sendResponseHeaders(status, body.length);
        exchange.getResponseBody().write(body);
        exchange.close();
    }

    @Override
    public void close() {
        one.stop(0);
        other.stop(0);
        ledger.close();
    }
}
