package openledger.chain.vault;

import static openledger.chain.LocalChain.await;
import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.math.BigInteger;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HexFormat;
import java.util.List;
import openledger.chain.LaneAccount;
import openledger.chain.LocalChain;
import openledger.chain.registry.ContractArtifact;
import openledger.chain.registry.Deployment;
import openledger.chain.vault.VaultDeployer.Step;
import openledger.commitment.stake.VaultTerms;
import openledger.commitment.verify.NodeTestimony;
import openledger.demo.AnvilNode;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Vaults on a real chain. */
final class VaultDeployerTest {
    private static final VaultTerms USUAL = VaultTerms.USUAL;

    @TempDir
    Path folder = Path.of("");

    @Test
    void aVaultIsDeployedOnceWithItsTerms() throws IOException, InterruptedException {
        try (LocalChain chain = new LocalChain(folder);
                VaultReader reader = new VaultReader(chain.vertx, LocalChain.rpc(chain.node.rpc()));
                VaultDeployer deployer = deployer(chain, USUAL);
                VaultDeployer other = deployer(chain, withFloor(USUAL.floor().add(BigInteger.ONE)))) {
            assertThat(await(reader.terms(deployer.vault()))).isInstanceOf(NodeTestimony.Silent.class);

            List<Step> first = await(deployer.deploy());
            List<Step> second = await(deployer.deploy());

            assertThat(first).extracting(Step::contract).containsExactly("registry", "vault", "contract Answers");
            assertThat(first.get(0).outcome()).isInstanceOf(Deployment.AlreadyThere.class);
            assertThat(first.get(1).outcome())
                    .isInstanceOfSatisfying(
                            Deployment.Deployed.class,
                            done -> assertThat(done.contract()).isEqualTo(deployer.vault()));
            assertThat(first.get(2).outcome()).isInstanceOf(Deployment.Deployed.class);
            assertThat(second)
                    .allSatisfy(step -> assertThat(step.outcome()).isInstanceOf(Deployment.AlreadyThere.class));
            assertThat(await(reader.terms(deployer.vault()))).isEqualTo(new NodeTestimony.Said<>(USUAL));
            assertThat(other.vault()).isNotEqualTo(deployer.vault());
            assertThat(await(other.deploy()).get(1).outcome()).isInstanceOf(Deployment.Deployed.class);
        }
    }

    @Test
    void whatAVaultRefusesFailsAndEndsTheRest() throws IOException, InterruptedException {
        try (LocalChain chain = new LocalChain(folder);
                VaultDeployer deployer = deployer(chain, withFloor(BigInteger.ONE))) {
            List<Step> steps = await(deployer.deploy());

            assertThat(steps).extracting(Step::contract).containsExactly("registry", "vault");
            assertThat(steps.get(1).isThere()).isFalse();
        }
    }

    @Test
    void whyItCouldNotBeDeployedIsSaid() throws IOException, InterruptedException {
        try (LocalChain chain = new LocalChain(folder);
                VaultDeployer absent = new VaultDeployer(
                        chain.vertx,
                        LocalChain.rpc(URI.create("http://127.0.0.1:1/secret")),
                        LocalChain.FEES,
                        LaneAccount.of(AnvilNode.KEYS.getFirst()),
                        USUAL)) {
            assertThat(await(absent.deploy()))
                    .singleElement()
                    .satisfies(step -> assertThat(((Deployment.Failed) step.outcome()).reason())
                            .contains("127.0.0.1:1")
                            .doesNotContain("secret"));
        }
    }

    @Test
    void onlyWhatBirthDecidesMayDiffer() throws IOException {
        ContractArtifact vault = ContractArtifact.load("StakeVault");
        byte[] code =
                HexFormat.of().parseHex(artifact().getString("deployedBytecode").substring(2));
        int word = artifact().getJsonArray("immutables").getInteger(0);
        byte[] born = code.clone();
        born[word + 31] = 1;
        byte[] changed = code.clone();
        changed[word - 1] ^= 1;

        assertThat(vault.isCode(code)).isTrue();
        assertThat(vault.isCode(born)).isTrue();
        assertThat(vault.isCode(changed)).isFalse();
        assertThat(vault.isCode(new byte[0])).isFalse();
    }

    private static JsonObject artifact() throws IOException {
        return new JsonObject(Files.readString(Path.of("contracts/artifacts/StakeVault.json")));
    }

    private static VaultDeployer deployer(LocalChain chain, VaultTerms terms) {
        return new VaultDeployer(chain.vertx, LocalChain.rpc(chain.node.rpc()), LocalChain.FEES, chain.account, terms);
    }

    private static VaultTerms withFloor(BigInteger floor) {
        return new VaultTerms(
                floor,
                USUAL.stakePerLeaf(),
                USUAL.volumeWindow(),
                USUAL.leafPenalty(),
                USUAL.promisePenalty(),
                USUAL.mostPerBatch(),
                USUAL.bond(),
                USUAL.bondGas(),
                USUAL.reporterBps(),
                USUAL.window(),
                USUAL.response(),
                USUAL.anchorMost(),
                USUAL.grace());
    }
}
