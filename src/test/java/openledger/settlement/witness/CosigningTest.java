package openledger.settlement.witness;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import openledger.commitment.log.Checkpoint;
import openledger.commitment.log.LogHasher;
import openledger.commitment.log.SignedNote.Standing;
import openledger.settlement.LaneListener.LeaseChange;
import openledger.settlement.witness.WitnessedLog.Witnessed;
import openledger.settlement.witness.Witnesses.Reply;
import org.junit.jupiter.api.Test;

/** Rounds of a log and its witnesses, what is kept of them, and what readers get. Long because each order of events is there. */
final class CosigningTest extends CosigningWorld {
    @Test
    void everyHeadIsCosignedByAllFromTheLastOneOn() {
        log.grow(7);
        take();
        pass(Cosigning.BETWEEN_ROUNDS);
        cut(5);
        pass(Cosigning.BETWEEN_ROUNDS);
        cut(300);

        for (ActedWitness witness : all) {
            assertThat(sizes(witness)).containsExactly(7L, 12L, 312L);
            assertThat(olds(witness)).containsExactly(0L, 7L, 12L);
        }
        assertThat(witnessed).containsExactly(7L, 12L, 312L);
        assertThat(cosigning.standing().lag()).isZero();
        assertThat(cosigning.standing().since()).isEmpty();
        assertThat(answers).hasSize(9).allMatch(answer -> answer.endsWith(" COSIGNED"));
    }

    @Test
    void theLogIsWitnessedOnceItWasReadAndAQuorumHasSeenAllOfIt() {
        log.grow(7);
        assertThat(cosigning.isWitnessed()).as("before the lane is ours").isFalse();
        all.forEach(ActedWitness::hold);
        take();
        assertThat(cosigning.isWitnessed()).as("before an answer").isFalse();
        all.forEach(ActedWitness::letGo);
        loops.settle();
        assertThat(cosigning.isWitnessed()).isTrue();
        cut(1);
        assertThat(cosigning.isWitnessed()).as("before the next round").isFalse();
        pass(Cosigning.BETWEEN_ROUNDS);
        assertThat(cosigning.isWitnessed()).isTrue();
        loops.first.at(cosigning::stop);
        assertThat(cosigning.isWitnessed()).as("after its end").isFalse();
    }

    @Test
    void aLogWithoutLeavesAsksNobody() {
        take();
        assertThat(cosigning.isWitnessed()).isTrue();
        pass(Duration.ofHours(1));

        assertThat(answers).isEmpty();
        assertThat(log.looks).isEqualTo(1);
    }

    @Test
    void nobodyIsAskedWhileTheLaneIsAnothers() {
        log.grow(7);
        tell();

        assertThat(log.looks).isZero();
    }

    @Test
    void whatIsCutDuringARoundIsSkippedForTheNewest() {
        all.forEach(ActedWitness::hold);
        take();
        for (int i = 0; i < 100; i++) {
            cut(1);
            pass(Duration.ofMillis(10));
        }
        assertThat(all).allSatisfy(witness -> assertThat(witness.waiting()).isEqualTo(1));
        all.forEach(ActedWitness::letGo);
        loops.settle();

        assertThat(all).allSatisfy(witness -> assertThat(sizes(witness)).containsExactly(1L, 100L));
        assertThat(witnessed).containsExactly(1L, 100L);
    }

    @Test
    void roundsKeepADistance() {
        take();
        for (int i = 0; i < 100; i++) {
            cut(1);
            pass(Duration.ofMillis(10));
        }

        // A second has five of them, and one at its begin.
        assertThat(one.requests).hasSizeBetween(5, 6);
        pass(Cosigning.BETWEEN_ROUNDS);
        assertThat(sizes(one)).endsWith(100L);
    }

    @Test
    void aSlowWitnessHoldsUpNobodyWhileTheOthersAreEnough() {
        three.hold();
        take();
        for (int i = 0; i < 5; i++) {
            cut(1);
            pass(Cosigning.BETWEEN_ROUNDS);
        }

        assertThat(witnessed).containsExactly(1L, 2L, 3L, 4L, 5L);
        assertThat(three.waiting()).isEqualTo(1);
        three.letGo();
        loops.settle();
        assertThat(sizes(three)).containsExactly(1L, 5L);
    }

    /** Or each would cosign heads of its own, and none would ever have two. */
    @Test
    void witnessesOfDifferentSpeedMeetOnTheSameHeads() {
        three.answer(reply -> new Reply.Silent("gone"));
        take();
        for (int i = 0; i < 40; i++) {
            cut(1);
            pass(Duration.ofMillis(70));
            if (i % 3 == 0) {
                two.letGo();
                loops.settle();
                two.hold();
            }
        }
        two.letGo();
        loops.settle();
        pass(Duration.ofSeconds(1));
        two.letGo();
        loops.settle();

        assertThat(sizes(two)).isNotEmpty().isSubsetOf(sizes(one));
        assertThat(witnessed).hasSizeGreaterThan(5).contains(40L);
    }

    /** What came during the round is as old as the round, not as what the round had. */
    @Test
    void theAgeIsOfWhatNoQuorumHasSeen() {
        all.forEach(ActedWitness::hold);
        take();
        cut(4);
        Instant began = Instant.ofEpochMilli(clock.epochMillis());
        pass(Duration.ofMillis(100));
        cut(2);
        one.letGo();
        two.letGo();
        loops.settle();

        assertThat(cosigning.standing().witnessed()).isEqualTo(4);
        assertThat(cosigning.standing().lag()).isEqualTo(2);
        assertThat(cosigning.standing().since()).contains(began);
    }

    @Test
    void aRestartGoesOnFromWhatIsKept() {
        log.grow(7);
        take();
        all.forEach(witness -> witness.requests.clear());
        log.grow(3);
        cosigning = over(
                new WitnessSettings(all.stream().map(witness -> witness.peer).toList(), 2, Duration.ofSeconds(5)));

        take();

        assertThat(all).allSatisfy(witness -> {
            assertThat(olds(witness)).containsExactly(7L);
            assertThat(sizes(witness)).containsExactly(10L);
        });
    }

    @Test
    void aRestartWithoutNewLeavesAsksNobody() {
        log.grow(7);
        take();
        all.forEach(witness -> witness.requests.clear());
        cosigning = over(
                new WitnessSettings(all.stream().map(witness -> witness.peer).toList(), 2, Duration.ofSeconds(5)));

        take();
        pass(Duration.ofHours(1));

        assertThat(all).allSatisfy(witness -> assertThat(witness.requests).isEmpty());
        assertThat(cosigning.standing()).isEqualTo(new Cosigning.Standing(7, 7, Optional.empty()));
        // Who waits may not have been told before the restart.
        assertThat(witnessed).containsExactly(7L, 7L);
    }

    @Test
    void theProofOfALeafLeadsToTheSmallestCheckpointWithAQuorum() {
        log.grow(7);
        take();
        pass(Cosigning.BETWEEN_ROUNDS);
        cut(5);
        pass(Cosigning.BETWEEN_ROUNDS);
        two.answer(reply -> new Reply.Silent("gone"));
        three.answer(reply -> new Reply.Silent("gone"));
        cut(4);

        for (int index = 0; index < 16; index++) {
            Witnessed seen = covering(index);
            long size = index < 7 ? 7 : index < 12 ? 12 : 16;
            assertThat(seen.quorum()).isEqualTo(2);
            assertThat(seen.isMet()).isEqualTo(size < 16);
            WitnessedLog.Proof proof = seen.proof().orElseThrow();
            Checkpoint checkpoint = Checkpoint.parse(proof.note().text());
            assertThat(checkpoint.size()).isEqualTo(size);
            assertThat(proof.note().standing(LOG.key())).isEqualTo(Standing.SIGNED);
            assertThat(proof.note().signatures()).hasSize(size < 16 ? 4 : 2);
            assertThat(proof.note().cosignedAt(one.key())).hasValue(ActedWitness.SECONDS);
            assertThat(proof.inclusion().index()).isEqualTo(index);
            assertThat(proof.inclusion().root(new LogHasher().entry(log.entry(index))))
                    .contains(checkpoint.root());
        }
        assertThat(covering(16)).isEqualTo(new Witnessed(2, false, Optional.empty()));
    }

    @Test
    void theCheckpointHasTheLogsSignatureFirstAndThoseOfItsWitnessesInOrder() {
        log.grow(7);
        two.hold();
        take();
        two.letGo();
        loops.settle();

        assertThat(new WitnessedLog(2, log, signer, kept)
                        .checkpoint(log.head())
                        .await()
                        .indefinitely()
                        .signatures())
                .extracting(Object::toString)
                .satisfiesExactly(
                        line -> assertThat(line).contains(" router.example/1 "),
                        line -> assertThat(line).contains(" witness.example/1 "),
                        line -> assertThat(line).contains(" witness.example/2 "),
                        line -> assertThat(line).contains(" witness.example/3 "));
    }

    @Test
    void whoLosesTheLaneGivesUpWhatIsUnderWay() {
        all.forEach(ActedWitness::hold);
        log.grow(7);
        take();
        loops.first.at(() -> cosigning.lease(LeaseChange.LOST));
        loops.settle();

        assertThat(all).allSatisfy(witness -> assertThat(witness.cancelled).isEqualTo(1));
        cut(1);
        pass(Duration.ofHours(1));
        assertThat(answers).isEmpty();
        assertThat(clock.pending()).isZero();

        all.forEach(ActedWitness::letGo);
        take();
        assertThat(witnessed).containsExactly(8L);
    }
}
