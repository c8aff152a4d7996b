package openledger.chain.vault;

import static openledger.chain.LocalChain.LANE;
import static openledger.chain.LocalChain.await;
import static openledger.chain.vault.CourtUnderTest.BOND;
import static org.assertj.core.api.Assertions.assertThat;

import io.smallrye.mutiny.Uni;
import io.smallrye.mutiny.infrastructure.Infrastructure;
import java.io.IOException;
import java.lang.reflect.Proxy;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.atomic.AtomicBoolean;
import openledger.audit.court.AnswerFinder;
import openledger.audit.court.Court;
import openledger.audit.court.Defence;
import openledger.audit.court.DefenceListener.Result;
import openledger.audit.court.Detour;
import openledger.audit.court.Filing;
import openledger.audit.court.StakeView;
import openledger.audit.court.StakeView.OpenedGame;
import openledger.audit.court.StakeWatch;
import openledger.audit.court.Trial;
import openledger.chain.LaneAccount;
import openledger.chain.LocalChain;
import openledger.commitment.LeafPromise;
import openledger.commitment.RegistryDomain;
import openledger.commitment.SignedPromise;
import openledger.commitment.log.LogHasher;
import openledger.commitment.stake.Game;
import openledger.commitment.stake.VaultCall;
import openledger.commitment.stake.VaultFault;
import openledger.demo.AnvilNode;
import openledger.settlement.ledger.Ledger.LedgerUnavailable;
import openledger.support.LocalVault;
import openledger.support.RpcFault;
import openledger.support.StakedLane;
import openledger.support.StakedLane.Batch;
import openledger.unit.Hash32;
import openledger.unit.RequestKey;
import openledger.unit.Wei;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * A challenger opens games against a lane on a real chain; the defence has what a router keeps, and an account of its own. Long because each
 * trouble has a game of its own.
 */
final class DefenceOnChainTest {
    private static final LaneAccount DEFENDER = LaneAccount.of(AnvilNode.KEYS.get(2));

    @TempDir
    Path folder = Path.of("");

    private final KeptBatches kept = new KeptBatches();
    private final List<Result> results = new ArrayList<>();
    private final List<VaultCall.Answer> forced = new ArrayList<>();
    private CourtUnderTest under;
    private Web3jCourt ours;

    @BeforeEach
    void start() throws IOException, InterruptedException {
        under = new CourtUnderTest(folder);
        under.stake();
        ours = new Web3jCourt(
                under.chain.vertx,
                new CourtSettings(
                        CourtUnderTest.rpc(under.proxy.rpc()),
                        under.chain.registry,
                        under.vault,
                        LocalChain.FEES,
                        Duration.ofSeconds(5),
                        Duration.ofSeconds(20)),
                Optional.of(DEFENDER));
    }

    @AfterEach
    void stop() throws IOException {
        ours.close();
        under.close();
    }

    private Batch commit(long complete, byte[]... leaves) {
        Batch batch = under.lane.commit(complete, leaves);
        kept.batches.add(batch);
        return batch;
    }

    private Defence defence() {
        return defence(ours);
    }

    private Defence defence(Court court) {
        RegistryDomain domain = new RegistryDomain(AnvilNode.CHAIN_ID, under.chain.registry);
        AnswerFinder finder =
                new AnswerFinder(kept, ours, domain, LANE, LeafPromise.LONGEST, Infrastructure.getDefaultWorkerPool());
        Detour detour = answer -> {
            forced.add(answer);
            return Uni.createFrom().item(new Filing.Done(Hash32.ZERO, 1, Wei.ZERO));
        };
        return new Defence(court, Optional.of(detour), finder, results::add, () -> Instant.EPOCH);
    }

    /** As a router does that was started just now. */
    private StakeView step() {
        return step(new StakeWatch(ours, LANE), defence());
    }

    private static StakeView step(StakeWatch watch, Defence defence) {
        StakeView view = await(watch.step());
        await(defence.step(view));
        return await(watch.step());
    }

    private void open(VaultCall.Opening... openings) {
        for (VaultCall.Opening opening : openings) {
            under.done(opening, BOND);
        }
    }

    @Test
    void everyGameIsAnswered() throws IOException, InterruptedException {
        Batch first = commit(0, StakedLane.plan(1), StakedLane.fast(2), StakedLane.fast(3));
        Batch second = commit(2, StakedLane.followed(1));
        SignedPromise named = under.lane.promise(StakedLane.fast(2), Hash32.ZERO, first.committedAt());
        LocalVault.pass(under.chain.node, Duration.ofHours(2));
        Hash32 request = RequestKey.read(StakedLane.plan(1), 0).word();
        open(
                new VaultCall.OpenOmitted(named),
                new VaultCall.OpenWithheld(second.header(), second.committedAt(), 3),
                new VaultCall.OpenRecordWithheld(first.header(), first.committedAt(), 2),
                new VaultCall.OpenPlanMissing(second.shown(0), request),
                new VaultCall.OpenOutcomeMissing(first.shown(0), 1),
                new VaultCall.OpenCounterMissing(first.header(), second.header(), second.committedAt(), 2));

        StakeView view = step();

        assertThat(view.games()).hasSize(6).allMatch(game -> game.state() == Game.State.ANSWERED);
        assertThat(view.open()).isEmpty();
        assertThat(results).hasSize(6).containsOnly(Result.DONE);
        assertThat(await(ours.stake(LANE)).pool().locked()).isZero();
        assertThat(view.penalties()).isEmpty();

        // Another process that knows nothing finds nothing to do.
        step();
        assertThat(results).hasSize(6);
        assertThat(forced).isEmpty();
    }

    @Test
    void aPromiseThatTheTransactionDoesNotTellIsFoundByTrying() throws IOException, InterruptedException {
        Batch batch = commit(0, StakedLane.fast(1));
        SignedPromise promise = under.lane.promise(StakedLane.fast(1), Hash32.ZERO, batch.committedAt());
        LocalVault.pass(under.chain.node, Duration.ofHours(2));
        open(new VaultCall.OpenOmitted(promise));
        under.proxy.put(RpcFault.of(Set.of("eth_getTransactionByHash"), passage -> passage.result(null)));

        assertThat(step().games()).extracting(OpenedGame::state).containsExactly(Game.State.ANSWERED);
    }

    @Test
    void aReceiptThatWasSignedDaysLaterIsFoundByTryingToo() throws IOException, InterruptedException {
        Batch batch = commit(0, StakedLane.fast(1));
        long days = Duration.ofDays(3).toSeconds();
        SignedPromise promise = under.lane.promise(
                StakedLane.fast(1), new LogHasher().entry(StakedLane.fast(1)), batch.committedAt() + days);
        LocalVault.pass(under.chain.node, Duration.ofDays(3).plusHours(2));
        open(new VaultCall.OpenOmitted(promise));
        // Whoever asks through a contract of its own need not show what it asks for.
        under.proxy.put(RpcFault.of(Set.of("eth_getTransactionByHash"), passage -> passage.result(null)));

        assertThat(step().games()).extracting(OpenedGame::state).containsExactly(Game.State.ANSWERED);
    }

    @Test
    void whatIsNotKeptIsNotPaidFor() throws IOException, InterruptedException {
        Batch batch = commit(0, StakedLane.fast(1));
        open(new VaultCall.OpenWithheld(batch.header(), batch.committedAt(), 0));
        kept.batches.clear();
        Object before =
                under.chain.node.call("eth_getBalance", DEFENDER.address().toString(), "latest");
        StakeWatch watch = new StakeWatch(ours, LANE);
        Defence defence = defence();

        StakeView view = step(watch, defence);

        assertThat(view.open()).hasSize(1);
        assertThat(results).containsExactly(Result.NONE);
        // What was lost is there again before the time is over; the same defence looks once a minute.
        kept.batches.add(batch);
        LocalVault.pass(under.chain.node, Duration.ofMinutes(2));
        assertThat(under.chain.node.call("eth_getBalance", DEFENDER.address().toString(), "latest"))
                .isEqualTo(before);
        assertThat(step(watch, defence).open()).isEmpty();
        assertThat(results).containsExactly(Result.NONE, Result.DONE);
    }

    @Test
    void leavesThatAreDamagedAreNotShown() {
        Batch batch = commit(0, StakedLane.fast(1), StakedLane.fast(2));
        open(new VaultCall.OpenWithheld(batch.header(), batch.committedAt(), 0));
        kept.batches.clear();
        kept.batches.add(new Batch(
                batch.header(),
                batch.inclusion(),
                batch.before(),
                List.of(StakedLane.fast(1), StakedLane.fast(7)),
                batch.recordBytes(),
                batch.paths(),
                batch.records()));

        assertThat(step().open()).hasSize(1);
        assertThat(results).containsExactly(Result.NONE);
    }

    @Test
    void fromHalfOfTheTimeOnItGoesAroundTheSequencerToo_ifTheUsualWayWasTried()
            throws IOException, InterruptedException {
        Batch batch = commit(0, StakedLane.fast(1));
        open(new VaultCall.OpenWithheld(batch.header(), batch.committedAt(), 0));
        LocalVault.pass(under.chain.node, Duration.ofHours(13));
        AtomicBoolean isStuck = new AtomicBoolean(true);
        Defence defence = defence(instead(
                ours,
                (method, arguments) -> method.equals("file") && isStuck.get()
                        ? Optional.of(Uni.createFrom().item(new Filing.Unsettled("no block has it")))
                        : Optional.empty()));
        StakeWatch watch = new StakeWatch(ours, LANE);

        step(watch, defence);
        assertThat(forced).isEmpty();
        isStuck.set(false);
        LocalVault.pass(under.chain.node, Duration.ofMinutes(11));
        StakeView view = step(watch, defence);

        assertThat(forced).hasSize(1);
        assertThat(results).containsExactly(Result.UNSETTLED, Result.FORCED, Result.DONE);
        assertThat(view.games()).extracting(OpenedGame::state).containsExactly(Game.State.ANSWERED);
    }

    @Test
    void inTheLastHourItGoesBothWaysAtOnce() throws IOException, InterruptedException {
        Batch batch = commit(0, StakedLane.fast(1));
        open(new VaultCall.OpenWithheld(batch.header(), batch.committedAt(), 0));
        LocalVault.pass(under.chain.node, Duration.ofMinutes(23 * 60 + 30));

        step();

        assertThat(forced).hasSize(1);
        assertThat(results).containsExactly(Result.FORCED, Result.DONE);
    }

    @Test
    void aNodeThatRefusesOrIsGoneDoesNotKeepItFromL1() throws IOException, InterruptedException {
        Batch batch = commit(0, StakedLane.fast(1));
        open(new VaultCall.OpenWithheld(batch.header(), batch.committedAt(), 0));
        AtomicBoolean isGone = new AtomicBoolean();
        Defence defence = defence(unlike(ours, isGone));
        StakeWatch watch = new StakeWatch(ours, LANE);
        await(defence.step(await(watch.step())));
        assertThat(forced).isEmpty();

        LocalVault.pass(under.chain.node, Duration.ofHours(13));
        await(defence.step(await(watch.step())));
        assertThat(forced).hasSize(1);

        LocalVault.pass(under.chain.node, Duration.ofHours(2));
        isGone.set(true);
        await(defence.step(await(watch.step())));
        assertThat(forced).hasSize(2);
        assertThat(results).containsExactly(Result.NONE, Result.NONE, Result.FORCED, Result.NONE, Result.FORCED);
    }

    /** A court whose node says that nothing would hold, and then nothing at all. */
    private static Court unlike(Court court, AtomicBoolean isGone) {
        return instead(court, (method, arguments) -> {
            if (isGone.get()) {
                return Optional.of(Uni.createFrom().failure(new LedgerUnavailable("nobody is there")));
            }
            return method.equals("attempt")
                    ? Optional.of(Uni.createFrom().item(new Trial.Refused("DoesNotAnswer", "DoesNotAnswer()")))
                    : Optional.empty();
        });
    }

    /** What a method of a court answers in place of the court; empty to let the court answer. */
    interface Instead {
        Optional<Uni<?>> of(String method, Object[] arguments);
    }

    static Court instead(Court court, Instead other) {
        return (Court) Proxy.newProxyInstance(
                Court.class.getClassLoader(), new Class<?>[] {Court.class}, (proxy, method, arguments) -> {
                    Optional<Uni<?>> answer = other.of(method.getName(), arguments);
                    return answer.isPresent() ? answer.get() : method.invoke(court, arguments);
                });
    }

    @Test
    void aLostGameIsToldAndAnswersNothing() throws IOException, InterruptedException {
        Batch batch = commit(0, StakedLane.fast(1));
        VaultCall.OpenWithheld opening = new VaultCall.OpenWithheld(batch.header(), batch.committedAt(), 0);
        open(opening);
        LocalVault.pass(under.chain.node, Duration.ofDays(2));

        step();
        assertThat(results).containsExactly(Result.NONE);
        under.done(new VaultCall.Conclude(opening.game()));

        StakeView view = step();
        assertThat(view.open()).isEmpty();
        assertThat(view.games()).extracting(OpenedGame::state).containsExactly(Game.State.LOST);
        assertThat(view.penalties()).singleElement().satisfies(penalty -> {
            assertThat(penalty.penalised().fault()).isEqualTo(VaultFault.WITHHELD);
            assertThat(penalty.penalised().subject()).isEqualTo(opening.game());
        });
    }
}
