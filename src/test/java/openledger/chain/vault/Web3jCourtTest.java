package openledger.chain.vault;

import static openledger.chain.LocalChain.LANE;
import static openledger.chain.LocalChain.await;
import static openledger.chain.vault.CourtUnderTest.ACCOUNT;
import static openledger.chain.vault.CourtUnderTest.BOND;
import static openledger.chain.vault.CourtUnderTest.STAKE;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.smallrye.mutiny.Uni;
import java.io.IOException;
import java.math.BigInteger;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import openledger.audit.court.ChainTime;
import openledger.audit.court.Court.LaneStake;
import openledger.audit.court.Filing;
import openledger.audit.court.Trial;
import openledger.chain.LocalChain;
import openledger.commitment.LaneHead;
import openledger.commitment.SignedHead;
import openledger.commitment.SignedPromise;
import openledger.commitment.log.LogHasher;
import openledger.commitment.stake.Game;
import openledger.commitment.stake.GameId;
import openledger.commitment.stake.ShownLeaf;
import openledger.commitment.stake.VaultCall;
import openledger.commitment.stake.VaultEvent;
import openledger.commitment.stake.VaultFault;
import openledger.demo.AnvilNode;
import openledger.settlement.ledger.Ledger.LedgerUnavailable;
import openledger.support.LocalVault;
import openledger.support.RpcFault;
import openledger.support.StakedLane;
import openledger.support.StakedLane.Batch;
import openledger.unit.Address;
import openledger.unit.Ether;
import openledger.unit.Hash32;
import openledger.unit.RequestKey;
import openledger.unit.RouteId;
import openledger.unit.Wei;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Against a real chain and the vault's own code, which holds each call to its form. Long because a vault takes many calls. */
final class Web3jCourtTest {

    @TempDir
    Path folder = Path.of("");

    private CourtUnderTest under;

    @BeforeEach
    void start() throws IOException, InterruptedException {
        under = new CourtUnderTest(folder);
    }

    @AfterEach
    void stop() throws IOException {
        under.close();
    }

    @Test
    void stakeIsPutInAndTakenOut() throws IOException, InterruptedException {
        assertThat(await(under.court.terms())).isEqualTo(LocalVault.TERMS);
        Filing.Done put = under.done(new VaultCall.Deposit(LANE), STAKE);
        assertThat(put.spent()).isBetween(Wei.of(1), new Wei(STAKE.value().divide(BigInteger.TEN)));
        assertThat(under.told(put))
                .containsExactly(
                        new VaultEvent.Deposited(LANE, ACCOUNT.address(), STAKE.value(), STAKE.value(), STAKE.value()));
        LaneStake stake = await(under.court.stake(LANE));
        assertThat(stake.active()).isEqualTo(STAKE);
        assertThat(stake.required()).isEqualTo(new Wei(LocalVault.TERMS.floor()));
        assertThat(stake.gated()).isFalse();
        LocalVault.gate(under.chain.node, under.chain.registry, LANE, under.chain.account.address(), under.vault);
        assertThat(await(under.court.stake(LANE)).gated()).isTrue();

        BigInteger half = STAKE.value().divide(BigInteger.TWO);
        Filing.Done asked = under.done(new VaultCall.AskWithdrawal(LANE, half));
        VaultEvent.WithdrawalAsked leaving =
                (VaultEvent.WithdrawalAsked) under.told(asked).getFirst();
        assertThat(leaving.shares()).isEqualTo(half);
        assertThat(await(under.court.position(LANE, ACCOUNT.address())).leavesAt())
                .isEqualTo(leaving.leavesAt());
        assertThat(await(under.court.stake(LANE)).pool().leaving()).isEqualTo(half);
        VaultCall withdraw = new VaultCall.Withdraw(LANE, ACCOUNT.address());
        assertThat(await(under.court.attempt(withdraw, Wei.ZERO)))
                .isEqualTo(new Trial.Refused(
                        "TooEarly", "that cannot be done before " + Instant.ofEpochSecond(leaving.leavesAt())));
        LocalVault.pass(under.chain.node, LocalVault.TERMS.delay());
        assertThat(under.told(under.done(withdraw)))
                .containsExactly(new VaultEvent.Withdrawn(LANE, ACCOUNT.address(), ACCOUNT.address(), half));
    }

    @Test
    void eachFaultIsProved() {
        under.stake();
        Batch lazy = under.lane.commit(StakedLane.lazy(1));
        proved(new VaultCall.ProveLeaf(lazy.shown(0)), VaultFault.FELL_BACK_EARLY, 1, place(0));
        Filing again = await(under.court.file(new VaultCall.ProveLeaf(lazy.shown(0)), Wei.ZERO));
        assertThat(again).isEqualTo(new Filing.NotSent("the contract refuses it: that was punished before"));
        assertThat(await(under.court.isPunished(LANE, 1, 0))).isTrue();
        assertThat(await(under.court.isPunished(LANE, 1, 1))).isFalse();

        SignedPromise promise = under.lane.promise(StakedLane.lazy(8), Hash32.ZERO, lazy.committedAt());
        Batch forked = under.lane.fork(StakedLane.fast(9), StakedLane.fast(8));
        // Its leaf of that place is not shown by the batch, but by who has it: the path is a single neighbour.
        VaultCall.ProveForked fork = new VaultCall.ProveForked(
                lazy.shown(0),
                new ShownLeaf(
                        forked.header(),
                        forked.committedAt(),
                        StakedLane.fast(9),
                        0,
                        List.of(new LogHasher().entry(StakedLane.fast(8)))));
        proved(fork, VaultFault.LOG_FORKED, 2, place(0));

        Batch two = under.lane.commit(StakedLane.lazy(2), StakedLane.lazy(3), StakedLane.fast(4), StakedLane.fast(4));
        assertThat(under.told(under.done(new VaultCall.ProveLeaves(List.of(two.shown(0), two.shown(1))))))
                .hasSize(2);
        proved(new VaultCall.ProveTwice(two.shown(2), two.shown(3)), VaultFault.TWICE, 3, place(5));

        Batch pair = under.lane.commit(
                StakedLane.plan(5),
                StakedLane.strayed(5),
                StakedLane.planOf(6, 9, 5, 5),
                StakedLane.planOf(7, 6, 6, 6));
        proved(new VaultCall.ProvePair(pair.shown(0), pair.shown(1)), VaultFault.NOT_AS_PLANNED, 4, place(7));
        proved(new VaultCall.ProveOvertaken(pair.shown(2), pair.shown(3)), VaultFault.OVERTAKEN, 4, place(8));

        SignedPromise other = under.lane.promise(
                StakedLane.fast(8),
                new LogHasher().entry(StakedLane.fast(1)),
                promise.promise().signedAt());
        proved(new VaultCall.ProveDiffers(other, forked.shown(0)), VaultFault.DIFFERS, 2, other.digest());

        SignedHead one = SignedHead.of(pair.header(), under.lane.sign(digest(LaneHead.of(pair.header()))), signer());
        LaneHead elsewhere = new LaneHead(LANE.value(), 4, place(77));
        SignedHead second = new SignedHead(
                AnvilNode.CHAIN_ID, under.chain.registry, elsewhere, under.lane.sign(digest(elsewhere)), signer());
        Filing.Done equivocated =
                under.done(new VaultCall.ProveEquivocation(pair.header().head(), pair.committedAt(), one, second));
        assertThat(((VaultEvent.Penalised) under.told(equivocated).getFirst()).fault())
                .isEqualTo(VaultFault.EQUIVOCATED);
    }

    private Hash32 digest(LaneHead head) {
        return head.digest(AnvilNode.CHAIN_ID, under.chain.registry);
    }

    private Address signer() {
        return under.chain.account.address();
    }

    private static Hash32 place(long index) {
        return GameId.subject(index);
    }

    private void proved(VaultCall call, VaultFault fault, long sequence, Hash32 subject) {
        VaultEvent.Penalised told =
                (VaultEvent.Penalised) under.told(under.done(call)).getFirst();
        assertThat(told.lane()).isEqualTo(LANE);
        assertThat(told.fault()).isEqualTo(fault);
        assertThat(told.sequence()).isEqualTo(sequence);
        assertThat(told.subject()).isEqualTo(subject);
        assertThat(told.reporter()).isEqualTo(ACCOUNT.address());
    }

    @Test
    void eachGameIsOpenedAndAnswered() throws IOException, InterruptedException {
        under.stake();
        Batch first = under.lane.commit(StakedLane.plan(1), StakedLane.fast(2));
        Batch second = under.lane.commit(2, StakedLane.followed(1));
        SignedPromise promise = under.lane.promise(StakedLane.fast(2), Hash32.ZERO, first.committedAt());
        LocalVault.pass(under.chain.node, Duration.ofHours(2));
        Hash32 request = RequestKey.read(StakedLane.plan(1), 0).word();

        VaultCall.OpenOmitted omitted = new VaultCall.OpenOmitted(promise);
        game(
                omitted,
                new VaultCall.AnswerOmitted(omitted.game(), promise.promise(), first.shown(1)),
                VaultFault.OMITTED,
                promise.promise().request().word());
        VaultCall.OpenWithheld withheld = new VaultCall.OpenWithheld(second.header(), second.committedAt(), 2);
        game(withheld, new VaultCall.AnswerWithheld(second.shown(0)), VaultFault.WITHHELD, place(2));
        VaultCall.OpenRecordWithheld record = new VaultCall.OpenRecordWithheld(first.header(), first.committedAt(), 1);
        game(record, new VaultCall.AnswerRecordWithheld(first.record(1)), VaultFault.RECORD_WITHHELD, place(1));
        game(
                new VaultCall.OpenPlanMissing(second.shown(0), request),
                new VaultCall.AnswerPlanMissing(first.shown(0), request),
                VaultFault.PLAN_MISSING,
                request);
        game(
                new VaultCall.OpenOutcomeMissing(first.shown(0), 1),
                new VaultCall.AnswerOutcomeMissing(second.shown(0), 1, 0),
                VaultFault.OUTCOME_MISSING,
                place(1));
        game(
                new VaultCall.OpenCounterMissing(first.header(), second.header(), second.committedAt(), 2),
                new VaultCall.AnswerOutcomeMissing(first.shown(1), 2, 2),
                VaultFault.OUTCOME_MISSING,
                place(2));
    }

    private void game(VaultCall.Opening opening, VaultCall.Answer answer, VaultFault fault, Hash32 subject) {
        assertThat(answer.game()).isEqualTo(opening.game());
        assertThat(await(under.court.game(opening.game()))).isEmpty();
        VaultEvent.Challenged challenged =
                (VaultEvent.Challenged) under.told(under.done(opening, BOND)).getFirst();
        Game game = await(under.court.game(opening.game())).orElseThrow();
        assertThat(challenged)
                .isEqualTo(new VaultEvent.Challenged(
                        opening.game(), LANE, fault, ACCOUNT.address(), game.deadline(), subject));
        assertThat(game.state()).isEqualTo(Game.State.OPEN);
        assertThat(game.fault()).isEqualTo(fault);
        assertThat(game.bond()).isEqualTo(BOND.value());
        assertThat(await(under.court.stake(LANE)).pool().locked()).isEqualTo(LocalVault.TERMS.promisePenalty());
        assertThat(under.told(under.done(answer))).containsExactly(new VaultEvent.Answered(opening.game(), LANE));
        assertThat(await(under.court.game(opening.game())).map(Game::state)).contains(Game.State.ANSWERED);
    }

    @Test
    void aGameThatNobodyAnswersIsWonAndPaid() throws IOException, InterruptedException {
        under.done(new VaultCall.Deposit(LANE), new Wei(LocalVault.TERMS.floor()));
        Batch batch = under.lane.commit(StakedLane.fast(1));
        VaultCall.OpenWithheld opening = new VaultCall.OpenWithheld(batch.header(), batch.committedAt(), 0);
        Wei less = new Wei(BOND.value().subtract(BigInteger.ONE));
        assertThat(await(under.court.bond())).isEqualTo(BOND);
        assertThat(await(under.court.attempt(opening, less)))
                .isEqualTo(new Trial.Refused("WrongBond", "the bond has to be at least " + Ether.text(BOND)));
        under.done(opening, BOND);
        VaultCall conclude = new VaultCall.Conclude(opening.game());
        assertThat(await(under.court.attempt(conclude, Wei.ZERO)))
                .isInstanceOfSatisfying(
                        Trial.Refused.class,
                        refused -> assertThat(refused.error()).isEqualTo("TooEarly"));
        LocalVault.pass(under.chain.node, Duration.ofDays(2));
        List<VaultEvent> told = under.told(under.done(conclude));
        BigInteger taken = LocalVault.TERMS.promisePenalty();
        BigInteger reward = taken.multiply(BigInteger.valueOf(3)).divide(BigInteger.TEN);
        assertThat(told).contains(new VaultEvent.Lost(opening.game(), LANE));
        assertThat(told)
                .contains(new VaultEvent.Penalised(
                        LANE, 1, VaultFault.WITHHELD, opening.game(), ACCOUNT.address(), taken, reward));
        assertThat(told.stream().filter(VaultEvent.RanShort.class::isInstance)).hasSize(1);
        assertThat(await(under.court.credit(ACCOUNT.address()))).isEqualTo(new Wei(reward.add(BOND.value())));
        under.done(new VaultCall.Claim(ACCOUNT.address()));
        assertThat(await(under.court.credit(ACCOUNT.address()))).isEqualTo(Wei.ZERO);
        // In the grace that the penalty has opened nothing ends it.
        LocalVault.pass(under.chain.node, Duration.ofDays(2));
        assertThat(under.told(under.done(new VaultCall.Deposit(LANE), new Wei(taken))))
                .contains(new VaultEvent.Filled(LANE));
    }

    @Test
    void whatIsNoVaultOfOursIsNotTakenForOne() {
        try (Web3jCourt nothing = under.court(
                        under.chain.registry,
                        Address.parse("0x" + "12".repeat(20)),
                        Duration.ofSeconds(1),
                        under.chain.node.rpc());
                Web3jCourt others = under.court(
                        Address.parse("0x" + "34".repeat(20)),
                        under.vault,
                        Duration.ofSeconds(1),
                        under.chain.node.rpc())) {
            assertThatThrownBy(() -> await(nothing.terms()))
                    .isInstanceOf(LedgerUnavailable.class)
                    .hasMessageContaining("no vault at 0x1212");
            assertThatThrownBy(() -> await(others.terms()))
                    .isInstanceOf(LedgerUnavailable.class)
                    .hasMessageContaining("another registry");
        }
    }

    @Test
    void timesAndEventsAreReadInRangesThatANodeAllows() throws IOException, InterruptedException {
        under.stake();
        Batch batch = under.lane.commit(StakedLane.lazy(1));
        under.done(new VaultCall.ProveLeaf(batch.shown(0)));
        ChainTime time = await(under.court.time());
        assertThat(time.latest()).isGreaterThanOrEqualTo(time.safe());
        assertThat(time.safe()).isGreaterThanOrEqualTo(time.finalized());
        assertThat(time.seconds()).isGreaterThanOrEqualTo(batch.committedAt());
        int all = await(under.court.events(LANE, 0, time.latest())).size();
        assertThat(all).isGreaterThanOrEqualTo(2);

        under.proxy.put(RpcFault.logRangesAbove(3));
        assertThat(await(under.court.events(LANE, 0, time.latest()))).hasSize(all);
        under.proxy.put(RpcFault.logRangesAbove(0));
        assertThatThrownBy(() -> await(under.court.events(LANE, 0, time.latest())))
                .isInstanceOf(LedgerUnavailable.class)
                .hasMessageContaining("max block range");
    }

    @Test
    void aTransactionThatNoBlockTakesIsReplacedForMore() throws IOException, InterruptedException {
        under.chain.node.stall();
        try (Web3jCourt hasty =
                under.court(under.chain.registry, under.vault, Duration.ofSeconds(3), under.chain.node.rpc())) {
            VaultCall deposit = new VaultCall.Deposit(LANE);
            assertThat(await(hasty.file(deposit, Wei.of(1)))).isInstanceOf(Filing.Unsettled.class);
            assertThat(await(hasty.file(deposit, Wei.of(2)))).isInstanceOf(Filing.Unsettled.class);
            under.chain.node.resume(1);
            assertThat(await(hasty.file(deposit, Wei.of(4)))).isInstanceOf(Filing.Done.class);
        }
        // Of those that had the same nonce the last one is in a block; or the one before it is, and then the last has
        // the next.
        assertThat(await(under.court.stake(LANE)).active()).isIn(Wei.of(4), Wei.of(2 + 4));
    }

    @Test
    void aNodeThatDoesNotWaitForTheBlockIsAskedForTheReceipt() {
        under.proxy.put(RpcFault.noSyncSend());
        assertThat(under.told(under.done(new VaultCall.Deposit(LANE), STAKE))).hasSize(1);
    }

    @Test
    void severalAtOnceGoOneAfterTheOther() {
        List<Filing> filings = await(Uni.join()
                .all(
                        under.court.file(new VaultCall.Deposit(LANE), Wei.of(1)),
                        under.court.file(new VaultCall.Deposit(LANE), Wei.of(2)),
                        under.court.file(new VaultCall.Deposit(LANE), Wei.of(4)))
                .andFailFast());
        assertThat(filings).hasSize(3).allMatch(Filing.Done.class::isInstance);
        assertThat(await(under.court.stake(LANE)).active()).isEqualTo(Wei.of(7));
    }

    @Test
    void theFeeForDataOnL1IsCounted() {
        Wei l1 = Wei.of(77_000_000_000_000L);
        under.proxy.put(RpcFault.l1Fee(77_000_000_000_000L));
        Filing.Done dear = under.done(new VaultCall.Deposit(LANE), Wei.of(1));
        under.proxy.heal();
        Filing.Done cheap = under.done(new VaultCall.Deposit(LANE), Wei.of(1));
        assertThat(dear.spent()).isGreaterThan(l1);
        assertThat(cheap.spent()).isLessThan(dear.spent());
    }

    @Test
    void whoHasNoMoneyOrPaysTooMuchForDataSendsNothing() throws IOException, InterruptedException {
        under.proxy.put(RpcFault.l1Oracle(2_000_000_000_000L));
        assertThat(await(under.court.file(new VaultCall.Deposit(LANE), Wei.of(1))))
                .isEqualTo(new Filing.NotSent("the chain's fee for data on L1 is above the configured cap"));
        under.proxy.heal();
        under.chain.node.setBalance(ACCOUNT.address().toString(), 0);
        assertThat(await(under.court.attempt(new VaultCall.Deposit(LANE), Wei.of(1))))
                .isEqualTo(new Trial.Holds());
        assertThat(await(under.court.file(new VaultCall.Deposit(LANE), Wei.of(1))))
                .isInstanceOf(Filing.NotSent.class);
    }

    @Test
    void batchesAndRoutesAreReadFromTheRegistry() {
        Batch first = under.lane.commit(StakedLane.fast(1));
        Batch second = under.lane.commit(StakedLane.fast(2), StakedLane.fast(3));
        try (Web3jLaneChain lanes =
                new Web3jLaneChain(under.chain.vertx, CourtUnderTest.rpc(under.proxy.rpc()), under.chain.registry)) {
            long latest = await(lanes.time()).latest();
            assertThat(await(lanes.batches(LANE, 0, latest)))
                    .extracting(committed -> committed.header())
                    .containsExactly(first.header(), second.header());
            assertThat(await(lanes.batches(LANE, 0, latest)).getLast().committedAt())
                    .isEqualTo(second.committedAt());
            assertThat(await(lanes.route(LANE, new RouteId(4))).upTo()).containsExactly(3, 4);
            assertThat(await(lanes.route(LANE, new RouteId(4))).publishedAt()).isPositive();
            assertThat(await(lanes.route(LANE, new RouteId(5))).upTo()).isEmpty();
        }
    }

    @Test
    void withoutAnAccountNothingIsSent() {
        try (Web3jCourt watching = new Web3jCourt(
                under.chain.vertx,
                new CourtSettings(
                        CourtUnderTest.rpc(under.chain.node.rpc()),
                        under.chain.registry,
                        under.vault,
                        LocalChain.FEES,
                        Duration.ofSeconds(5),
                        Duration.ofSeconds(5)),
                Optional.empty())) {
            assertThat(await(watching.attempt(new VaultCall.Deposit(LANE), STAKE)))
                    .isEqualTo(new Trial.Holds());
            assertThat(await(watching.file(new VaultCall.Deposit(LANE), STAKE)))
                    .isEqualTo(new Filing.NotSent("there is no account to send from"));
        }
    }
}
