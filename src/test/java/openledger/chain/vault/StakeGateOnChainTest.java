package openledger.chain.vault;

import static openledger.chain.LocalChain.LANE;
import static openledger.chain.LocalChain.await;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import openledger.settlement.ledger.LedgerCall;
import openledger.support.LocalVault;
import openledger.support.StakedLane;
import openledger.unit.Address;
import openledger.unit.Ether;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a ledger learns of a commit that a real gate would refuse. */
final class StakeGateOnChainTest {
    @TempDir
    Path folder = Path.of("");

    @Test
    void aStakeThatIsTooSmallIsToldFromEverythingElse() throws IOException, InterruptedException {
        try (CourtUnderTest under = new CourtUnderTest(folder)) {
            LedgerCall.Commit next = under.lane.next(StakedLane.fast(1));
            Address owner = under.chain.account.address();
            assertThat(await(under.ledger.stakeShort(next))).isEmpty();

            LocalVault.gate(under.chain.node, under.chain.registry, LANE, owner, under.vault);
            assertThat(await(under.ledger.stakeShort(next)))
                    .hasValueSatisfying(reason -> assertThat(reason)
                            .startsWith("lane " + LANE.value() + " has an active stake of 0 ETH, and needs "
                                    + Ether.text(LocalVault.TERMS.floor())));

            under.stake();
            assertThat(await(under.ledger.stakeShort(next))).isEmpty();
            under.lane.commit(StakedLane.fast(1));
            // Its sequence is used now: that fails, but not for the stake.
            assertThat(await(under.ledger.stakeShort(next))).isEmpty();
        }
    }
}
