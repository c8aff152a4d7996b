package openledger.chain.vault;

import io.smallrye.mutiny.Uni;
import io.vertx.core.Vertx;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import openledger.chain.ChainNode;
import openledger.chain.ChainNode.At;
import openledger.chain.FeeSettings;
import openledger.chain.LaneAccount;
import openledger.chain.RpcSettings;
import openledger.chain.registry.ContractArtifact;
import openledger.chain.registry.ContractDeployer;
import openledger.chain.registry.Deployment;
import openledger.chain.registry.RegistryDeployer;
import openledger.chain.rpc.NodeValue;
import openledger.chain.rpc.VertxWeb3jService;
import openledger.commitment.stake.VaultTerms;
import openledger.settlement.ledger.Ledger.LedgerUnavailable;
import openledger.unit.Address;

/**
 * Deploys a vault and what it needs: the registry, the vault with its rule book, and the contract that answers many games at once. Each is
 * deployed once; anybody may do it, because nobody controls them. Thread-safe.
 */
public final class VaultDeployer implements AutoCloseable {
    private final ContractDeployer deployer;
    private final VertxWeb3jService service;
    private final ChainNode node;
    private final VaultTerms terms;
    private final VaultContracts contracts;

    /**
     * @param account pays for it
     * @param terms that the vault's constructor takes
     */
    public VaultDeployer(Vertx vertx, RpcSettings rpc, FeeSettings fees, LaneAccount account, VaultTerms terms) {
        this.deployer = new ContractDeployer(vertx, rpc, fees, account);
        this.service = new VertxWeb3jService(vertx, rpc);
        this.node = new ChainNode(service);
        this.terms = terms;
        this.contracts = new VaultContracts(RegistryDeployer.address(), terms);
    }

    /**
     * A contract, and what became of it.
     *
     * @param contract in words for a person
     */
    public record Step(String contract, Deployment outcome) {
        /** Whether it is there now. */
        public boolean isThere() {
            return !(outcome instanceof Deployment.Failed);
        }
    }

    /** Where the vault is, or would be, on every chain. */
    public Address vault() {
        return contracts.vault().address();
    }

    /** Where that answers many games at once is, or would be, on every chain. */
    public static Address answers() {
        return VaultContracts.answers().address();
    }

    /** Deploys what is not there yet, and ends with the first that fails. Never fails; waits at most two minutes for a block. */
    public Uni<List<Step>> deploy() {
        return step("registry", RegistryDeployer.artifact(), List.of())
                .chain(done -> step("vault", contracts.vault(), done))
                .chain(this::checked)
                .chain(done -> step("contract Answers", VaultContracts.answers(), done));
    }

    private Uni<List<Step>> step(String name, ContractArtifact artifact, List<Step> done) {
        if (!done.stream().allMatch(Step::isThere)) {
            return Uni.createFrom().item(done);
        }
        return deployer.deploy(artifact).map(outcome -> with(done, new Step(name, outcome)));
    }

    private static List<Step> with(List<Step> done, Step next) {
        List<Step> all = new ArrayList<>(done);
        all.add(next);
        return List.copyOf(all);
    }

    /** The vault's code has places that only its birth decides: it has to name our terms, and have created our rule book. */
    private Uni<List<Step>> checked(List<Step> done) {
        if (!done.getLast().isThere()) {
            return Uni.createFrom().item(done);
        }
        return node.askAll(List.of(
                        ChainNode.call(vault(), VaultCalls.terms(), At.LATEST),
                        ChainNode.code(contracts.rulesAddress(), At.LATEST)))
                .chain(answers -> ChainNode.readable(Uni.createFrom().item(() -> {
                    boolean isOurs = VaultCalls.terms(NodeValue.result("terms", answers.text(0)))
                                    .equals(Optional.of(terms))
                            && VaultContracts.rules().isCode(NodeValue.result("eth_getCode", answers.text(1)));
                    return isOurs
                            ? done
                            : failed(
                                    done,
                                    "the vault at " + vault() + " does not have these terms, or another rule book");
                })))
                .onFailure(LedgerUnavailable.class)
                .recoverWithItem(why -> failed(done, String.valueOf(why.getMessage())));
    }

    private static List<Step> failed(List<Step> done, String reason) {
        return with(
                done.subList(0, done.size() - 1), new Step(done.getLast().contract(), new Deployment.Failed(reason)));
    }

    @Override
    public void close() {
        deployer.close();
        service.close();
    }
}
