package openledger.chain.vault;

import io.smallrye.mutiny.Uni;
import io.vertx.core.Vertx;
import openledger.audit.court.Detour;
import openledger.audit.court.Filing;
import openledger.chain.LaneAccount;
import openledger.chain.rpc.VertxWeb3jService;
import openledger.commitment.evm.CallData;
import openledger.commitment.stake.VaultCall;
import openledger.unit.Address;
import openledger.unit.Wei;

/**
 * The way to an OP Stack chain through its portal on L1, which its sequencer cannot keep out: the chain has to take a deposit within the
 * sequencer's window. The account is the same on both chains. Thread-safe.
 */
public final class PortalDetour implements Detour, AutoCloseable {
    /** Paid for on L1, whether it is used or not; an answer with the longest record takes less than half. */
    private static final long L2_GAS = 600_000;

    private final Address portal;
    private final Address vault;
    private final VertxWeb3jService service;
    private final AccountSender sender;

    /**
     * Connects to nothing yet; {@link #close} lets all connections go.
     *
     * @param l1 nodes of L1, and {@code OptimismPortal} in place of the vault
     * @param vault on the chain behind the portal
     * @param account pays on L1
     */
    public PortalDetour(Vertx vertx, CourtSettings l1, Address vault, LaneAccount account) {
        this.portal = l1.vault();
        this.vault = vault;
        this.service = new VertxWeb3jService(vertx, l1.rpc());
        this.sender = new AccountSender(vertx, l1, service, account);
    }

    @Override
    public Uni<Filing> file(VaultCall.Answer answer) {
        return sender.send(portal, deposit(vault, answer.encode()), Wei.ZERO);
    }

    /** {@code depositTransaction(to, value, gasLimit, isCreation, data)}. */
    static byte[] deposit(Address to, byte[] data) {
        return CallData.of("depositTransaction(address,uint256,uint64,bool,bytes)")
                .address(to)
                .number(0)
                .number(L2_GAS)
                .number(0)
                .bytes(data)
                .encode();
    }

    /** Lets all connections go. */
    @Override
    public void close() {
        sender.close();
        service.close();
    }
}
