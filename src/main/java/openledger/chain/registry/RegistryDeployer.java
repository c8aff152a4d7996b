package openledger.chain.registry;

import io.smallrye.mutiny.Uni;
import io.vertx.core.Vertx;
import openledger.chain.FeeSettings;
import openledger.chain.LaneAccount;
import openledger.chain.RpcSettings;
import openledger.unit.Address;

/** Deploys the registry, once per chain and for all lanes. Thread-safe. */
public final class RegistryDeployer implements AutoCloseable {
    private static final ContractArtifact ARTIFACT = ContractArtifact.load("RoutingBatchRegistry");

    private final ContractDeployer deployer;

    /**
     * @param account pays for it
     */
    public RegistryDeployer(Vertx vertx, RpcSettings rpc, FeeSettings fees, LaneAccount account) {
        this.deployer = new ContractDeployer(vertx, rpc, fees, account);
    }

    /** Where this build's registry is, or would be, on every chain. */
    public static Address address() {
        return ARTIFACT.address();
    }

    /** Deploys it unless it is there. Never fails; waits at most two minutes for a block. */
    public Uni<Deployment> deploy() {
        return deployer.deploy(ARTIFACT);
    }

    /** The registry's artifact. */
    public static ContractArtifact artifact() {
        return ARTIFACT;
    }

    @Override
    public void close() {
        deployer.close();
    }
}
