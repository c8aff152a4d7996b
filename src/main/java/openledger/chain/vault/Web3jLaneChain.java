package openledger.chain.vault;

import io.smallrye.mutiny.Uni;
import io.vertx.core.Vertx;
import java.util.ArrayList;
import java.util.List;
import openledger.audit.court.ChainTime;
import openledger.audit.court.LaneChain;
import openledger.chain.ChainNode;
import openledger.chain.ChainNode.At;
import openledger.chain.RpcSettings;
import openledger.chain.registry.RegistryCalls;
import openledger.chain.registry.RegistryEvents;
import openledger.chain.registry.RegistryEvents.CommittedBatch;
import openledger.chain.rpc.NodeValue;
import openledger.chain.rpc.VertxWeb3jService;
import openledger.unit.Address;
import openledger.unit.LaneId;
import openledger.unit.RouteId;

/** The registry's lanes on an OP Stack chain. Needs no account. Answers come on an event loop. Thread-safe. */
public final class Web3jLaneChain implements LaneChain, AutoCloseable {
    private final Address registry;
    private final long chainId;
    private final VertxWeb3jService service;
    private final ChainNode node;
    private final LogSearch logs;

    /**
     * Connects to nothing yet; {@link #close} lets all connections go.
     *
     * @param rpc nodes that are checked against the chain's id
     */
    public Web3jLaneChain(Vertx vertx, RpcSettings rpc, Address registry) {
        this.registry = registry;
        this.chainId = rpc.chainId()
                .orElseThrow(() -> new IllegalArgumentException("nodes must be checked against the chain's id"));
        this.service = new VertxWeb3jService(vertx, rpc);
        this.node = new ChainNode(service);
        this.logs = new LogSearch(node, registry);
    }

    @Override
    public Uni<ChainTime> time() {
        return ChainClock.read(node);
    }

    @Override
    public Uni<List<Committed>> batches(LaneId lane, long from, long to) {
        return logs.find(RegistryEvents.committed(lane), from, to)
                .chain(found -> ChainNode.readable(Uni.createFrom().item(() -> committed(lane, found))));
    }

    /** The head is a topic, so a header that a node has changed does not pass. */
    private List<Committed> committed(LaneId lane, List<FoundLog> found) {
        List<Committed> batches = new ArrayList<>();
        for (FoundLog log : found) {
            CommittedBatch batch = RegistryEvents.committed(log.topics(), log.data());
            if (!batch.header().lane().equals(lane)
                    || !batch.header().registry().equals(registry)
                    || batch.header().chainId() != chainId) {
                throw NodeValue.malformed("BatchCommitted");
            }
            batches.add(new Committed(batch.header(), batch.committedAt(), log.block()));
        }
        return List.copyOf(batches);
    }

    @Override
    public Uni<RouteTerms> route(LaneId lane, RouteId route) {
        return node.ask(ChainNode.call(registry, RegistryCalls.routeOf(lane, route), At.LATEST))
                .chain(answer -> ChainNode.readable(Uni.createFrom().item(() -> {
                    RegistryCalls.PublishedRoute published = RegistryCalls.route(NodeValue.result("routeOf", answer));
                    return new RouteTerms(published.upTo(), published.publishedAt());
                })));
    }

    /** Lets all connections go. */
    @Override
    public void close() {
        service.close();
    }
}
