package openledger.chain.vault;

import io.smallrye.mutiny.Uni;
import io.vertx.core.Vertx;
import java.util.Optional;
import openledger.audit.court.Filing;
import openledger.audit.court.Trial;
import openledger.chain.ChainNode;
import openledger.chain.ChainNode.At;
import openledger.chain.LaneAccount;
import openledger.chain.registry.RegistryCalls;
import openledger.chain.registry.RegistryCalls.LaneAccounts;
import openledger.chain.rpc.NodeValue;
import openledger.chain.rpc.VertxWeb3jService;
import openledger.settlement.ledger.Ledger.LedgerUnavailable;
import openledger.unit.Address;
import openledger.unit.LaneId;
import openledger.unit.Wei;

/** The gate of a lane at its registry, as the lane's owner sets it. Answers come on an event loop. Thread-safe. */
public final class LaneGate implements AutoCloseable {
    /** As the registry writes that a lane has no gate. */
    public static final Address NONE = Address.of(new byte[Address.BYTES]);

    private final VertxWeb3jService service;
    private final ChainNode node;
    private final AccountSender sender;
    private final Address registry;
    private final Address owner;

    /**
     * Connects to nothing yet; {@link #close} lets all connections go.
     *
     * @param settings of any vault, which is not asked
     * @param owner sends; only the lane's owner may set its gate
     */
    public LaneGate(Vertx vertx, CourtSettings settings, LaneAccount owner) {
        this.service = new VertxWeb3jService(vertx, settings.rpc());
        this.node = new ChainNode(service);
        this.sender = new AccountSender(vertx, settings, service, owner);
        this.registry = settings.registry();
        this.owner = owner.address();
    }

    /** Whose a lane is, and its gate, at the newest block; empty if nobody has opened it. Fails with {@link LedgerUnavailable}. */
    public Uni<Optional<LaneAccounts>> lane(LaneId lane) {
        return node.ask(ChainNode.call(registry, RegistryCalls.laneOf(lane), At.LATEST))
                .chain(answer -> ChainNode.readable(
                        Uni.createFrom().item(() -> RegistryCalls.accounts(NodeValue.result("laneOf", answer)))));
    }

    /**
     * What would become of another gate, without sending anything. Fails with {@link LedgerUnavailable}.
     *
     * @param gate {@link #NONE} takes it away
     */
    public Uni<Trial> attempt(LaneId lane, Address gate) {
        return node.ask(ChainNode.call(owner, registry, RegistryCalls.setGate(lane, gate), Wei.ZERO, At.LATEST))
                .chain(answer -> ChainNode.readable(Uni.createFrom().item(() -> Web3jCourt.trial(answer))));
    }

    /**
     * Sets it and waits for the block, some minutes at most. Never fails.
     *
     * @param gate {@link #NONE} takes it away
     */
    public Uni<Filing> set(LaneId lane, Address gate) {
        return sender.send(registry, RegistryCalls.setGate(lane, gate), Wei.ZERO);
    }

    @Override
    public void close() {
        sender.close();
        service.close();
    }
}
