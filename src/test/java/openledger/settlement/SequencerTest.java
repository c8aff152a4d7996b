package openledger.settlement;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import openledger.commitment.ConfirmationLevel;
import openledger.settlement.SequencerSettings.Preconfirmations;
import openledger.settlement.SequencerStatus.Condition;
import openledger.settlement.SequencerStatus.Warning;
import openledger.settlement.ledger.Inclusion.Effect;
import openledger.unit.Address;
import openledger.unit.Wei;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A lane's way to the chain, whatever happens to either. Long because much can. */
final class SequencerTest {
    private static final Duration SECOND = Duration.ofSeconds(1);
    private static final Duration LONG = Duration.ofSeconds(30);
    private static final Address STRANGER = Address.parse("0x" + "bb".repeat(Address.BYTES));
    private final SettlementWorld world = new SettlementWorld();

    @Test
    void everyDecisionReachesTheChainOnce() {
        world.decide(95, 0);

        world.pass(LONG);

        world.check();
        assertThat(world.chain.sequence()).isEqualTo(10);
        assertThat(world.chain.reverted).isZero();
        assertThat(world.status().condition()).isEqualTo(Condition.WORKS);
    }

    @Test
    void levelsRiseByEvidenceUpToTheEndOfTheChallengeWindow() {
        world.decide(10, 0);

        world.pass(LONG);
        world.pass(SECOND);

        assertThat(world.levels(1))
                .containsExactly(
                        ConfirmationLevel.RECORDED,
                        ConfirmationLevel.SEQUENCED,
                        ConfirmationLevel.SAFE,
                        ConfirmationLevel.FINALIZED,
                        ConfirmationLevel.SETTLED);
    }

    @Test
    void keepsUpWithMoreThanFourBatchesASecond() {
        for (int i = 0; i < 100; i++) {
            world.decide(5 * SettlementWorld.LEAVES / 10, 0);
            world.pass(Duration.ofMillis(100));
        }

        world.pass(SECOND.multipliedBy(3));

        world.check();
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 3, 10})
    void aReorgPutsBatchesBackAndTheSameBytesAreSentAgain(int depth) {
        for (int i = 0; i < 20; i++) {
            world.decide(10, 0);
            world.pass(Duration.ofMillis(250));
        }
        world.pass(SECOND);

        world.chain.reorg(depth + 4);
        world.pass(LONG);

        world.check();
        assertThat(world.demoted()).isNotEmpty();
        assertThat(world.rows.batches.values())
                .allSatisfy(batch -> assertThat(batch.transactions()).hasSize(1));
    }

    @Test
    void aChainThatHasForgottenEverythingIsToldEverythingAnew() {
        for (int i = 0; i < 40; i++) {
            world.decide(10, i % 2 == 0 ? 0 : world.newPolicy());
            world.pass(SECOND);
        }
        world.pass(SECOND.multipliedBy(40));
        assertThat(java.util.Objects.requireNonNull(world.rows.batches.get(1L)).level())
                .isEqualTo(ConfirmationLevel.SETTLED);

        world.chain.forgetEverything();
        world.pass(SECOND.multipliedBy(60));

        world.check();
        assertThat(world.demoted()).hasSize(40);
    }

    @Test
    void aNodeThatLagsPutsNothingBack() {
        world.decide(50, 0);
        world.pass(SECOND.multipliedBy(4));
        world.chain.lag = 6;
        world.pass(SECOND.multipliedBy(2));
        world.chain.lag = 0;
        world.pass(LONG);

        world.check();
        assertThat(world.demoted()).isEmpty();
    }

    @Test
    void aPreconfirmationIsALevelAndItsBlockMayStillGetItsHash() {
        SettlementWorld flash = new SettlementWorld(Preconfirmations.WATCHED);
        flash.chain.preconfirms = true;
        flash.journal.epoch(10, 0);

        flash.pass(LONG);

        flash.check();
        assertThat(flash.levels(1))
                .startsWith(ConfirmationLevel.RECORDED, ConfirmationLevel.PRECONFIRMED, ConfirmationLevel.SEQUENCED);
    }

    @Test
    void aPreconfirmationThatVanishesIsTakenBackAndTheSameBytesAreSentAgain() {
        SettlementWorld flash = new SettlementWorld(Preconfirmations.WATCHED);
        flash.chain.preconfirms = true;
        flash.journal.epoch(10, 0);
        while (flash.levels(1).size() < 2) {
            flash.pass(Duration.ofMillis(10));
        }

        flash.chain.dropPool();
        flash.pass(LONG);

        flash.check();
        assertThat(flash.levels(1))
                .startsWith(
                        ConfirmationLevel.RECORDED,
                        ConfirmationLevel.PRECONFIRMED,
                        ConfirmationLevel.RECORDED,
                        ConfirmationLevel.PRECONFIRMED,
                        ConfirmationLevel.SEQUENCED);
        assertThat(flash.rows.batches.firstEntry().getValue().transactions()).hasSize(1);
    }

    @Test
    void whileTheChainIsOutOfReachDecisionsStayInTheJournal() {
        world.decide(10, 0);
        world.pass(SECOND.multipliedBy(2));
        world.chain.reachable = false;
        for (int i = 0; i < 40; i++) {
            world.decide(50, 0);
            world.pass(SECOND);
        }
        assertThat(world.rows.cut).hasSizeLessThanOrEqualTo(9);
        assertThat(world.status().condition()).isEqualTo(Condition.NO_CHAIN);
        assertThat(world.status().warning()).isEqualTo(Warning.BACKLOG);
        assertThat(world.status().backlog().leaves()).isBetween(1_900L, 2_010L);

        world.chain.reachable = true;
        world.pass(SECOND.multipliedBy(60));

        world.check();
        assertThat(world.status().warning()).isEqualTo(Warning.NONE);
    }

    @Test
    void lostAnswersAreFoundAsReceipts() {
        world.chain.answersLost = true;
        world.decide(50, 0);

        world.pass(LONG);

        world.check();
        assertThat(world.rows.batches.values())
                .allSatisfy(batch -> assertThat(batch.transactions()).hasSize(1));
    }

    @Test
    void droppedTransactionsAreSentAgain() {
        world.decide(50, 0);
        world.pass(Duration.ofMillis(600));
        world.chain.dropsWhatItIsSent = true;
        world.chain.dropPool();
        world.decide(50, 0);
        world.pass(SECOND.multipliedBy(3));

        world.chain.dropsWhatItIsSent = false;
        world.pass(LONG);

        world.check();
    }

    @Test
    void aNonceThatSomethingElseUsedIsPassedOver() {
        world.decide(10, 0);
        world.pass(SECOND.multipliedBy(2));
        world.chain.dropsWhatItIsSent = true;
        world.decide(50, 0);
        world.pass(Duration.ofMillis(200));
        world.chain.dropsWhatItIsSent = false;
        world.chain.useNonce();

        world.pass(LONG);

        world.check();
    }

    @Test
    void whatOffersTooLittleIsReplacedAndNeverAboveTheCap() {
        world.decide(10, 0);
        world.pass(SECOND.multipliedBy(2));
        world.chain.baseFee = Wei.of(100_000);
        world.decide(50, 0);
        world.pass(Duration.ofMillis(600));
        world.chain.baseFee = Wei.of(400_000);

        world.pass(LONG);

        world.check();
        assertThat(world.rows.batches.values())
                .allSatisfy(batch -> assertThat(batch.transactions())
                        .allSatisfy(signed -> assertThat(signed.maxFee()).isLessThanOrEqualTo(Wei.of(1_000_000))));
    }

    @Test
    void aFeeAboveTheCapIsWaitedOut() {
        world.decide(10, 0);
        world.pass(SECOND.multipliedBy(2));
        world.chain.baseFee = Wei.of(2_000_000);
        world.decide(50, 0);
        world.pass(LONG);
        assertThat(world.chain.sequence()).isEqualTo(1);

        world.chain.baseFee = Wei.of(100);
        world.pass(LONG);

        world.check();
    }

    @Test
    void nothingIsSentBehindWhatTheNodeTurnsAway() {
        world.decide(10, 0);
        world.pass(SECOND.multipliedBy(2));
        world.chain.refusesCheap = true;
        world.chain.baseFee = Wei.of(2_000_000);
        world.decide(50, 0);
        world.pass(LONG);
        world.chain.baseFee = Wei.of(100);
        world.decide(50, 0);
        world.pass(SECOND.multipliedBy(5));

        world.check();
        assertThat(world.chain.gaps).isZero();
    }

    @Test
    void commitsThatRevertAreSignedAnewOnceTheCauseIsGone() {
        world.decide(10, 0);
        world.pass(SECOND.multipliedBy(2));
        world.chain.commits = Effect.REVERTED;
        world.decide(50, 0);
        world.pass(LONG);
        assertThat(world.chain.reverted).isLessThan(30);

        world.chain.commits = Effect.DONE;
        world.pass(SECOND.multipliedBy(60));

        world.check();
    }

    @Test
    void anotherWriterOnTheChainStopsUs() {
        world.decide(10, 0);
        world.pass(SECOND.multipliedBy(2));
        world.chain.commitByAnother();
        world.decide(50, 0);

        world.pass(LONG);

        assertThat(world.status().condition()).isEqualTo(Condition.HALTED);
        assertThat(world.status().reason()).contains("another writer");
    }

    @Test
    void aLaneThatIsOursGetsOurSigningKeyAndGoesOn() {
        world.decide(10, 0);
        world.chain.signs(STRANGER);

        world.pass(LONG);

        world.check();
        assertThat(world.chain.signers()).containsExactly(STRANGER, FakeChain.SIGNER);
        assertThat(world.chain.reverted).isZero();
        assertThat(world.status().reason()).isEmpty();
    }

    @Test
    void aLaneOfAnotherOwnerWithAnotherSigningKeyIsReportedAndGoesOn() {
        world.chain.owner = STRANGER;
        world.chain.signs(STRANGER);
        world.decide(10, 0);

        world.pass(LONG);

        world.check();
        assertThat(world.status().condition()).isEqualTo(Condition.WORKS);
        assertThat(world.status().reason()).contains("promises are not valid", "have its owner " + STRANGER);

        world.chain.signs(FakeChain.SIGNER);
        world.pass(LONG);

        assertThat(world.status().reason()).isEmpty();
    }

    @Test
    void aRetiredSigningKeyStopsCommitsAndSaysWhatToDo() {
        world.decide(10, 0);
        world.pass(LONG);
        world.chain.signs(STRANGER);
        world.decide(10, 0);

        world.pass(LONG);

        assertThat(world.status().condition()).isEqualTo(Condition.HALTED);
        assertThat(world.status().reason())
                .contains(FakeChain.SIGNER + " was retired", "openledger.settlement.signer-key-env");
        assertThat(world.chain.sequence()).isOne();
    }

    @Test
    void withoutARegistryNothingIsSentUntilThereIsOne() {
        world.chain.registry = false;
        world.decide(50, 0);
        world.pass(SECOND.multipliedBy(5));
        assertThat(world.status().condition()).isEqualTo(Condition.HALTED);

        world.chain.registry = true;
        world.pass(LONG);

        world.check();
    }

    @Test
    void eachPolicyIsPublishedBeforeTheFirstLeafUnderIt() {
        for (int i = 0; i < 5; i++) {
            world.decide(7, world.newPolicy());
            world.pass(SECOND);
        }

        world.pass(LONG);

        world.check();
        assertThat(world.chain.reverted).isZero();
    }

    @Test
    void aDatabaseThatIsAwayIsWaitedFor() {
        world.decide(50, 0);
        world.pass(Duration.ofMillis(300));
        world.rows.down = true;
        world.decide(50, 0);
        world.pass(SECOND.multipliedBy(3));
        assertThat(world.status().condition()).isEqualTo(Condition.NO_STORE);

        world.rows.down = false;
        world.pass(LONG);

        world.check();
    }

    @Test
    void aLaneThatWasTakenIsNotWrittenAndIsTakenBack() {
        world.decide(50, 0);
        world.pass(SECOND);
        world.takeLane();
        world.decide(50, 0);
        int before = world.rows.cut.size();
        world.pass(SECOND.multipliedBy(2));
        assertThat(world.rows.cut).hasSize(before);
        assertThat(world.status().condition()).isEqualTo(Condition.WAITS_FOR_LANE);

        world.pass(LONG);

        world.check();
    }
}
