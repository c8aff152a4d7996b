package openledger.chain.registry;

import static openledger.chain.LocalChain.await;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.URI;
import java.nio.file.Path;
import openledger.chain.LaneAccount;
import openledger.chain.LocalChain;
import openledger.demo.AnvilNode;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class RegistryDeployerTest {
    @TempDir
    Path folder = Path.of("");

    @Test
    void theRegistryIsDeployedOnceWhoeverAsks() throws IOException, InterruptedException {
        try (LocalChain chain = new LocalChain(folder);
                RegistryDeployer another = new RegistryDeployer(
                        chain.vertx,
                        LocalChain.rpc(chain.node.rpc()),
                        LocalChain.FEES,
                        LaneAccount.of(AnvilNode.KEYS.get(1)))) {
            assertThat(await(another.deploy()))
                    .isEqualTo(new Deployment.AlreadyThere(chain.registry, AnvilNode.CHAIN_ID));
        }
    }

    @Test
    void aChainThatHasForgottenEverythingGetsItAtTheSameAddress() throws IOException, InterruptedException {
        try (LocalChain chain = new LocalChain(folder)) {
            chain.node.kill();
            chain.node.startAgain();

            assertThat(chain.deploy()).isEqualTo(chain.registry);
        }
    }

    @Test
    void whyItCouldNotBeDeployedIsSaid() throws IOException, InterruptedException {
        try (LocalChain chain = new LocalChain(folder);
                RegistryDeployer absent = new RegistryDeployer(
                        chain.vertx,
                        LocalChain.rpc(URI.create("http://127.0.0.1:1/secret")),
                        LocalChain.FEES,
                        chain.account);
                RegistryDeployer poor = new RegistryDeployer(
                        chain.vertx,
                        LocalChain.rpc(chain.node.rpc()),
                        LocalChain.FEES,
                        LaneAccount.of(AnvilNode.KEYS.get(2)))) {
            chain.node.kill();
            chain.node.startAgain();
            chain.node.setBalance(
                    LaneAccount.of(AnvilNode.KEYS.get(2)).address().toString(), 0);

            assertThat(reason(await(absent.deploy()))).contains("127.0.0.1:1").doesNotContain("secret");
            assertThat(reason(await(poor.deploy()))).containsIgnoringCase("insufficient funds");
        }
    }

    private static String reason(Deployment deployment) {
        return ((Deployment.Failed) deployment).reason();
    }
}
