package openledger.chain;

import static openledger.chain.LocalChain.await;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import openledger.demo.AnvilNode;
import openledger.settlement.ledger.Ledger.LedgerUnavailable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class NodeIdentityTest {
    private static final Duration TIMEOUT = Duration.ofSeconds(5);

    @TempDir
    Path folder = Path.of("");

    @Test
    void aNodeTellsItsChainAndAnAbsentOneIsNoAnswer() throws IOException, InterruptedException {
        URI absent = URI.create("http://127.0.0.1:1/secret");
        try (LocalChain chain = new LocalChain(folder)) {
            assertThat(await(NodeIdentity.chainOf(chain.vertx, chain.node.rpc(), TIMEOUT)))
                    .isEqualTo(AnvilNode.CHAIN_ID);
            assertThatThrownBy(() -> await(NodeIdentity.chainOf(chain.vertx, absent, TIMEOUT)))
                    .isInstanceOf(LedgerUnavailable.class)
                    .message()
                    .doesNotContain("secret");
        }
    }
}
