package openledger.chain.vault;

import static openledger.chain.LocalChain.LANE;
import static openledger.chain.LocalChain.await;
import static openledger.chain.vault.CourtUnderTest.BOND;
import static org.assertj.core.api.Assertions.assertThat;

import io.smallrye.mutiny.Uni;
import io.smallrye.mutiny.infrastructure.Infrastructure;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import openledger.audit.court.AnswerFinder;
import openledger.audit.court.Court;
import openledger.audit.court.Defence;
import openledger.audit.court.DefenceListener.Result;
import openledger.audit.court.Filing;
import openledger.audit.court.StakeView;
import openledger.audit.court.StakeView.OpenedGame;
import openledger.audit.court.StakeWatch;
import openledger.chain.LaneAccount;
import openledger.chain.LocalChain;
import openledger.chain.registry.ContractDeployer;
import openledger.commitment.LeafPromise;
import openledger.commitment.RegistryDomain;
import openledger.commitment.stake.Game;
import openledger.commitment.stake.VaultCall;
import openledger.demo.AnvilNode;
import openledger.support.StakedLane;
import openledger.support.StakedLane.Batch;
import openledger.unit.Address;
import openledger.unit.Wei;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Answers that go another way than alone and straight to the vault: several in one transaction, and through a portal. */
final class AnswersOnChainTest {
    private static final LaneAccount DEFENDER = LaneAccount.of(AnvilNode.KEYS.get(2));
    /**
     * Does what a portal and the chain behind it do for {@code depositTransaction}: it calls {@code to} with {@code data} and no more gas
     * than {@code gasLimit}, and reverts where that fails.
     */
    private static final String PORTAL = "0x60a4358060c4600037600060008260006000600435604435f160215760006000fd5b00";

    @TempDir
    Path folder = Path.of("");

    private final KeptBatches kept = new KeptBatches();
    private final List<Result> results = new ArrayList<>();
    private CourtUnderTest under;
    private Web3jCourt ours;

    @BeforeEach
    void start() throws IOException, InterruptedException {
        under = new CourtUnderTest(folder);
        under.stake();
        ours = new Web3jCourt(under.chain.vertx, settings(under.vault), Optional.of(DEFENDER));
    }

    private CourtSettings settings(Address contract) {
        return new CourtSettings(
                CourtUnderTest.rpc(under.chain.node.rpc()),
                under.chain.registry,
                contract,
                LocalChain.FEES,
                Duration.ofSeconds(5),
                Duration.ofSeconds(20));
    }

    @AfterEach
    void stop() throws IOException {
        ours.close();
        under.close();
    }

    private Batch commit(byte[]... leaves) {
        Batch batch = under.lane.commit(0, leaves);
        kept.batches.add(batch);
        return batch;
    }

    private void open(VaultCall.Opening... openings) {
        for (VaultCall.Opening opening : openings) {
            under.done(opening, BOND);
        }
    }

    /** As a router does that was started just now. */
    private StakeView step(Court court) {
        AnswerFinder finder = new AnswerFinder(
                kept,
                ours,
                new RegistryDomain(AnvilNode.CHAIN_ID, under.chain.registry),
                LANE,
                LeafPromise.LONGEST,
                Infrastructure.getDefaultWorkerPool());
        Defence defence = new Defence(court, Optional.empty(), finder, results::add, () -> Instant.EPOCH);
        StakeWatch watch = new StakeWatch(ours, LANE);
        await(defence.step(await(watch.step())));
        return await(watch.step());
    }

    @Test
    void manyAreAnsweredInOneTransaction() throws IOException, InterruptedException {
        openThree();

        assertThat(step(ours).open()).isEmpty();

        assertThat(results).containsExactly(Result.DONE, Result.DONE, Result.DONE);
        assertThat(sent()).isEqualTo("0x1");
    }

    @Test
    void whoIsAnsweredMeanwhileIsPassedOver() throws IOException, InterruptedException {
        Batch batch = openThree();
        Court late = DefenceOnChainTest.instead(
                ours,
                (method, arguments) -> method.equals("attempt")
                                && arguments[0] instanceof VaultCall.AnswerRecordWithheld last
                        ? Optional.of(ours.attempt(last, Wei.ZERO)
                                .call(() -> under.court.file(new VaultCall.AnswerWithheld(batch.shown(1)), Wei.ZERO)))
                        : Optional.empty());

        assertThat(step(late).open()).isEmpty();
        assertThat(sent()).isEqualTo("0x1");
    }

    @Test
    void ifOneFailsTogetherEachGoesAlone() throws IOException, InterruptedException {
        openThree();
        Court refusing = DefenceOnChainTest.instead(
                ours,
                (method, arguments) -> method.equals("fileTogether")
                        ? Optional.of(Uni.createFrom().item(Optional.of(new Filing.NotSent("AnswerFailed"))))
                        : Optional.empty());

        assertThat(step(refusing).open()).isEmpty();
        assertThat(results).containsExactly(Result.DONE, Result.DONE, Result.DONE);
        assertThat(sent()).isEqualTo("0x3");
    }

    /** Games about each leaf of a batch, on a chain that has the contract which answers many. */
    private Batch openThree() {
        try (ContractDeployer deployer = new ContractDeployer(
                under.chain.vertx, LocalChain.rpc(under.chain.node.rpc()), LocalChain.FEES, LocalChain.ACCOUNT)) {
            await(deployer.deploy(VaultContracts.answers()));
        }
        Batch batch = commit(StakedLane.fast(1), StakedLane.fast(2), StakedLane.fast(3));
        open(
                new VaultCall.OpenWithheld(batch.header(), batch.committedAt(), 0),
                new VaultCall.OpenWithheld(batch.header(), batch.committedAt(), 1),
                new VaultCall.OpenRecordWithheld(batch.header(), batch.committedAt(), 2));
        return batch;
    }

    private Object sent() throws IOException, InterruptedException {
        return under.chain.node.call(
                "eth_getTransactionCount", DEFENDER.address().toString(), "latest");
    }

    @Test
    void aPortalHandsTheAnswerToTheVault() throws IOException, InterruptedException {
        Batch batch = commit(StakedLane.fast(1));
        open(new VaultCall.OpenWithheld(batch.header(), batch.committedAt(), 0));
        Address at = Address.parse("0x" + "0e".repeat(Address.BYTES));
        under.chain.node.call("anvil_setCode", at.toString(), PORTAL);
        try (PortalDetour portal = new PortalDetour(under.chain.vertx, settings(at), under.vault, DEFENDER)) {
            Filing filing = await(portal.file(new VaultCall.AnswerWithheld(batch.shown(0))));

            assertThat(filing).isInstanceOf(Filing.Done.class);
        }
        assertThat(await(new StakeWatch(ours, LANE).step()).games())
                .extracting(OpenedGame::state)
                .containsExactly(Game.State.ANSWERED);
    }
}
