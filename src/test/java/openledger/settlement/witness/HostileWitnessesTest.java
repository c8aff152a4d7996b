package openledger.settlement.witness;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import openledger.commitment.log.Checkpoint;
import openledger.commitment.log.LogHasher;
import openledger.commitment.log.NoteKey;
import openledger.commitment.log.NoteSigner;
import openledger.commitment.log.SignedNote.Standing;
import openledger.identity.NoteSecret;
import openledger.settlement.log.LogReads.Head;
import openledger.settlement.witness.WitnessedLog.Witnessed;
import openledger.settlement.witness.Witnesses.Reply;
import org.junit.jupiter.api.Test;

/** Witnesses that are away, wrong or hostile, and a log that was forked. */
final class HostileWitnessesTest extends CosigningWorld {
    @Test
    void aWitnessThatIsGoneIsAskedLessOftenAndForTheNewestHead() {
        three.answer(reply -> new Reply.Silent("gone"));
        take();
        cut(1);
        for (int i = 0; i < 60; i++) {
            pass(Duration.ofSeconds(10));
            cut(1);
        }
        // Each 15 s in the end.
        assertThat(three.requests).hasSizeBetween(40, 46);
        assertThat(witnessed).contains(60L);

        three.answerHonestly();
        pass(Duration.ofSeconds(15));

        assertThat(answers).endsWith("3 COSIGNED");
        assertThat(sizes(three)).endsWith(61L);
        int asked = three.requests.size();
        pass(Duration.ofHours(1));
        assertThat(three.requests).hasSize(asked);
    }

    @Test
    void withoutAQuorumTheLagGrowsUntilThereIsOne() {
        two.answer(reply -> new Reply.Answered(404, "text/plain", "unknown log\n"));
        three.answer(reply -> new Reply.TooLong());
        take();
        cut(4);
        Instant began = Instant.ofEpochMilli(clock.epochMillis());
        pass(Duration.ofMinutes(9));
        cut(2);

        assertThat(cosigning.standing()).isEqualTo(new Cosigning.Standing(6, 0, Optional.of(began)));
        assertThat(witnessed).isEmpty();
        assertThat(answers).contains("1 COSIGNED", "2 REFUSED", "3 INVALID");
        Witnessed seen = covering(0);
        assertThat(seen.isMet()).isFalse();
        assertThat(seen.proof().orElseThrow().note().signatures()).hasSize(2);

        two.answerHonestly();
        pass(Duration.ofMinutes(5));

        assertThat(witnessed).containsExactly(6L);
        assertThat(cosigning.standing().lag()).isZero();
        assertThat(covering(0).isMet()).isTrue();
    }

    /** Another router had the lane, or the database lost what it was told last. */
    @Test
    void aWitnessThatIsFurtherThanWeKnowIsAskedFromThere() {
        log.grow(7);
        take();
        kept.lines.clear();
        cosigning = over(
                new WitnessSettings(all.stream().map(witness -> witness.peer).toList(), 2, Duration.ofSeconds(5)));
        log.grow(5);

        take();

        assertThat(olds(one)).containsExactly(0L, 0L, 7L);
        assertThat(answers).endsWith("3 COSIGNED").contains("1 CONFLICT");
        assertThat(witnessed).containsExactly(7L, 12L);
    }

    @Test
    void aForkOfALongerLogIsAnAlarmUntilTheWitnessIsContent() {
        log.grow(20);
        take();
        log.fork(15, 20);
        tell();
        pass(Duration.ofSeconds(1));

        assertThat(answers).contains("1 INCONSISTENT", "2 INCONSISTENT", "3 INCONSISTENT");
        assertThat(witnessed).containsExactly(20L);
        assertThat(kept.lines).containsOnlyKeys(20L);
    }

    @Test
    void aForkOfTheSameLengthIsAnAlarmToo() {
        log.grow(20);
        take();
        log.fork(15, 5);
        kept.lines.clear();
        cosigning = over(
                new WitnessSettings(all.stream().map(witness -> witness.peer).toList(), 2, Duration.ofSeconds(5)));

        take();

        // It says which size it knows; asked from there, it says the same.
        assertThat(olds(one)).containsExactly(0L, 0L, 20L);
        assertThat(answers).endsWith("3 INCONSISTENT");
        assertThat(kept.lines).isEmpty();
    }

    /** A log that was put back to an earlier state is behind its witnesses, and may be about to fork. */
    @Test
    void aLogThatHasLostItsEndIsBehindItsWitnesses() {
        log.grow(20);
        take();
        log.fork(10, 0);
        kept.lines.clear();
        cosigning = over(
                new WitnessSettings(all.stream().map(witness -> witness.peer).toList(), 2, Duration.ofSeconds(5)));

        take();

        assertThat(answers).endsWith("1 AHEAD", "2 AHEAD", "3 AHEAD");
    }

    @Test
    void aHostileWitnessGetsNothingKeptAndIsLeftAlone() {
        NoteSigner thief =
                NoteSecret.signer(one.key().name(), NoteKey.Kind.COSIGNATURE, "77".repeat(NoteSigner.SEED_BYTES));
        String other = new Checkpoint(LOG.key().name(), 3, new LogHasher().entry(new byte[3])).toString();
        List<Function<Reply, Reply>> acts = List.of(
                reply -> new Reply.Answered(200, "text/plain", ""),
                reply -> new Reply.Answered(200, "text/plain", thief.sign(other, 1) + "\n"),
                reply -> new Reply.Answered(
                        200, "text/plain", ActedWitness.signer(1).sign(other, 1) + "\n"),
                reply -> ActedWitness.knows(0),
                reply -> ActedWitness.knows(1),
                reply -> ActedWitness.knows(Long.MAX_VALUE),
                reply -> new Reply.Answered(409, "text/x.tlog.size", "-1"),
                reply -> new Reply.Answered(302, "text/plain", ""),
                reply -> new Reply.TooLong(),
                reply -> new Reply.Silent("hung up"));
        take();
        cut(2);
        for (Function<Reply, Reply> act : acts) {
            one.answer(act);
            int before = one.requests.size();
            cut(1);
            pass(Duration.ofMinutes(1));
            // At once, perhaps once more from another size, and after 1, 2, 4, 8, 16 and 32 s.
            assertThat(one.requests.size() - before).isLessThanOrEqualTo(14);
            assertThat(covering(0).isMet()).isTrue();
            one.answerHonestly();
            pass(Duration.ofMinutes(6));
            cut(1);
            pass(Duration.ofSeconds(1));
            assertThat(sizes(one)).endsWith(log.head().size());
        }
        assertThat(kept.lines.values()).allSatisfy(lines -> assertThat(lines).isNotEmpty());
        kept.lines.forEach((size, lines) -> assertThat(new WitnessedLog(2, log, signer, kept)
                        .checkpoint(head(size))
                        .await()
                        .indefinitely())
                .satisfies(note -> lines.keySet()
                        .forEach(key -> assertThat(note.standing(key)).isEqualTo(Standing.SIGNED))));
    }

    private Head head(long size) {
        return new Head(
                size,
                Checkpoint.parse(covering(size - 1).proof().orElseThrow().note().text())
                        .root());
    }

    @Test
    void aDatabaseThatIsAwayCostsNothingButTime() {
        kept.isAway = true;
        log.grow(7);
        take();
        assertThat(answers).isEmpty();
        kept.isAway = false;
        pass(Duration.ofSeconds(1));
        assertThat(witnessed).containsExactly(7L);

        kept.isAway = true;
        cut(1);
        kept.isAway = false;
        pass(Duration.ofSeconds(3));

        // They have signed, and are asked again for what was lost.
        assertThat(witnessed).containsExactly(7L, 8L);
        assertThat(kept.lines).containsKeys(7L, 8L);
    }

    @Test
    void allOfThemMayBeNeeded() {
        with(3);
        three.hold();
        take();
        cut(1);
        cut(1);
        assertThat(witnessed).isEmpty();

        three.letGo();
        loops.settle();
        pass(Cosigning.BETWEEN_ROUNDS);

        assertThat(witnessed).containsExactly(1L, 2L);
    }
}
