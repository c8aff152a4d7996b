package openledger.settlement.decide;

import static openledger.settlement.decide.TestBlocks.block;
import static openledger.settlement.decide.TestBlocks.hash;
import static openledger.settlement.decide.TestBlocks.inclusion;
import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import openledger.commitment.BatchHeader;
import openledger.commitment.ConfirmationLevel;
import openledger.settlement.BatchStore.Unsettled;
import openledger.settlement.FakeChain;
import openledger.settlement.SequencerSettings;
import openledger.settlement.SequencerSettings.Preconfirmations;
import openledger.settlement.SettlementWorld;
import openledger.settlement.decide.NextStep.AwaitChain;
import openledger.settlement.decide.NextStep.Demote;
import openledger.settlement.decide.NextStep.Halt;
import openledger.settlement.decide.NextStep.Load;
import openledger.settlement.decide.NextStep.OpenLane;
import openledger.settlement.decide.NextStep.Promote;
import openledger.settlement.decide.NextStep.PublishPolicy;
import openledger.settlement.decide.NextStep.Replace;
import openledger.settlement.decide.NextStep.Reverted;
import openledger.settlement.decide.NextStep.Send;
import openledger.settlement.decide.NextStep.SendAgain;
import openledger.settlement.decide.SubmissionState.Answer;
import openledger.settlement.ledger.BlockRef;
import openledger.settlement.ledger.Inclusion;
import openledger.settlement.ledger.Inclusion.Effect;
import openledger.settlement.ledger.LedgerView;
import openledger.settlement.ledger.LedgerView.Lane;
import openledger.settlement.ledger.LedgerView.SigningKey;
import openledger.settlement.ledger.SignedTransaction;
import openledger.unit.Address;
import openledger.unit.Hash32;
import openledger.unit.LaneId;
import openledger.unit.Wei;
import org.junit.jupiter.api.Test;

/** What is next, for one state and one look at the chain at a time. Long because both have many members. */
final class NextStepsTest {
    private static final Instant NOW = Instant.parse("2026-11-25T12:00:00Z");
    private static final SequencerSettings SETTINGS = SettlementWorld.settings(Preconfirmations.NONE);
    private static final Hash32 POLICY = hash("policy");
    private static final Address STRANGER = Address.parse("0x" + "bb".repeat(20));

    private final List<Unsettled> batches = new ArrayList<>();
    private final Map<Long, SubmissionState> sendings = new HashMap<>();
    private final Map<Long, Inclusion> receipts = new HashMap<>();
    private final Map<Long, Optional<Hash32>> canonical = new HashMap<>();
    private Set<Hash32> published = Set.of(POLICY);
    private long first = 1;
    private long more;
    private long newestBlock;
    private Optional<Instant> behindSince = Optional.empty();
    private int reverts;
    private Instant careUntil = Instant.MIN;
    private long latest = 100;
    private long nonce = 5;
    private Lane lane = open(0, Hash32.ZERO);

    @Test
    void withoutARegistryNothingIsSent() {
        lane = new Lane.NoRegistry();
        batch(ConfirmationLevel.RECORDED);

        assertThat(decide()).singleElement().isInstanceOf(Halt.class);
    }

    @Test
    void opensALaneThatIsNotOpen() {
        lane = new Lane.NotOpen();

        assertThat(decide()).containsExactly(new OpenLane(5));
    }

    @Test
    void aLaneThatIsNotOpenAnyMoreTakesEverythingBackFirst() {
        lane = new Lane.NotOpen();
        included(90, ConfirmationLevel.SAFE);

        assertThat(decide()).containsExactly(new Demote(1));
    }

    @Test
    void aLaneWhoseFinalBatchesAreGoneTakesThemBackToo() {
        first = 40;
        top(7);
        batch(ConfirmationLevel.RECORDED);

        assertThat(decide()).containsExactly(new Demote(8));
    }

    @Test
    void theIthBatchThatIsNotOnChainTakesTheIthFreeNonce() {
        Unsettled one = included(90, ConfirmationLevel.SEQUENCED);
        Unsettled two = batch(ConfirmationLevel.RECORDED);
        Unsettled three = batch(ConfirmationLevel.RECORDED);
        top(1);

        assertThat(decide()).containsExactly(new Send(two, 5, Optional.empty()), new Send(three, 6, Optional.empty()));
        assertThat(one.sequence()).isEqualTo(1);
    }

    @Test
    void noMoreAreSentThanMayBeInFlight() {
        for (int i = 0; i < 20; i++) {
            batch(ConfirmationLevel.RECORDED);
        }

        assertThat(decide()).hasSize(8).allSatisfy(step -> assertThat(step).isInstanceOf(Send.class));
    }

    @Test
    void aPolicyGoesBeforeTheFirstBatchThatNeedsIt() {
        published = Set.of();
        batch(ConfirmationLevel.RECORDED);

        assertThat(decide()).containsExactly(new PublishPolicy(POLICY, 5));
    }

    @Test
    void bytesThatAreKeptAndNotSentByThisProcessAreSent() {
        Unsettled batch = batch(ConfirmationLevel.RECORDED, signed(5));

        assertThat(decide()).containsExactly(new SendAgain(batch, signed(5)));
    }

    @Test
    void whatIsOnItsWayIsLeftAlone() {
        batch(ConfirmationLevel.RECORDED, signed(5));
        sent(1, signed(5), Duration.ofSeconds(1), Answer.TAKEN);

        assertThat(decide()).isEmpty();
    }

    @Test
    void afterASilenceTheSameBytesAreSentAgain() {
        Unsettled batch = batch(ConfirmationLevel.RECORDED, signed(5));
        sent(1, signed(5), Duration.ofSeconds(2), Answer.TAKEN);

        assertThat(decide()).containsExactly(new SendAgain(batch, signed(5)));
    }

    @Test
    void anAnswerThatIsNoAnswerIsNotWaitedForLong() {
        Unsettled batch = batch(ConfirmationLevel.RECORDED, signed(5));
        sent(1, signed(5), Duration.ofSeconds(1), Answer.UNCLEAR);

        assertThat(decide()).containsExactly(new SendAgain(batch, signed(5)));
    }

    @Test
    void nothingIsSentBehindWhatTheNodeMayNotHave() {
        for (Answer answer : List.of(Answer.UNCLEAR, Answer.REFUSED, Answer.ON_TRIAL)) {
            batches.clear();
            batch(ConfirmationLevel.RECORDED, signed(5));
            batch(ConfirmationLevel.RECORDED);
            sent(1, signed(5), Duration.ZERO, answer);

            assertThat(decide()).isEmpty();
        }
    }

    @Test
    void whatOffersTooLittleIsReplaced() {
        Unsettled batch = batch(ConfirmationLevel.RECORDED, signed(5));
        sent(1, signed(5), Duration.ZERO, Answer.UNDERPRICED);

        assertThat(decide()).containsExactly(new Replace(batch, signed(5)));
    }

    @Test
    void whatBlocksPassByIsReplacedAndAllThatStandBehindIt() {
        Unsettled one = batch(ConfirmationLevel.RECORDED, signed(5));
        Unsettled two = batch(ConfirmationLevel.RECORDED, signed(6));
        sent(1, signed(5), Duration.ofSeconds(5), Answer.TAKEN);
        sent(2, signed(6), Duration.ofSeconds(1), Answer.TAKEN);

        assertThat(decide()).containsExactly(new Replace(one, signed(5)), new Replace(two, signed(6)));
    }

    @Test
    void aChainThatStandsStillIsNotOutbid() {
        latest = 91;
        batch(ConfirmationLevel.RECORDED, signed(5));
        sendings.put(
                1L, new SubmissionState(signed(5).hash(), NOW.minusSeconds(60), 90, NOW.minusSeconds(1), Answer.TAKEN));

        assertThat(decide()).isEmpty();
    }

    @Test
    void aNonceThatSomethingElseUsedMakesANewSignatureThatOutbidsOurOwn() {
        nonce = 6;
        Unsettled one = batch(ConfirmationLevel.RECORDED, signed(5));
        Unsettled two = batch(ConfirmationLevel.RECORDED, signed(6));

        assertThat(decide())
                .containsExactly(new Send(one, 6, Optional.of(signed(6))), new Send(two, 7, Optional.empty()));
    }

    @Test
    void aRevertIsSaidOnceAndThenOneBatchIsTriedAtATime() {
        nonce = 6;
        Unsettled one = batch(ConfirmationLevel.RECORDED, signed(5));
        batch(ConfirmationLevel.RECORDED);
        sent(1, signed(5), Duration.ofSeconds(1), Answer.TAKEN);
        receipts.put(1L, inclusion(signed(5).hash(), 99, Effect.REVERTED));
        assertThat(decide()).containsExactly(new Reverted(one));

        sendings.clear();
        reverts = 1;
        careUntil = NOW.plusSeconds(1);
        assertThat(decide()).isEmpty();

        careUntil = NOW;
        assertThat(decide()).containsExactly(new Send(one, 6, Optional.empty()));
    }

    @Test
    void aReceiptInACanonicalBlockIsALevelByTheTagsOfTheChain() {
        for (var expected : Map.of(
                        99L, ConfirmationLevel.SEQUENCED, 94L, ConfirmationLevel.SAFE, 88L, ConfirmationLevel.FINALIZED)
                .entrySet()) {
            batches.clear();
            Unsettled batch = batch(ConfirmationLevel.RECORDED, signed(4));
            top(1);
            Inclusion inclusion = inclusion(signed(4).hash(), expected.getKey(), Effect.DONE);
            receipts.put(1L, inclusion);
            assertThat(decide()).isEmpty();

            canonical.put(expected.getKey(), Optional.of(inclusion.block().hash()));
            assertThat(decide()).containsExactly(new Promote(batch, expected.getValue(), inclusion));
        }
    }

    @Test
    void aLevelRisesOnlyIfItsBlockWasFoundCanonicalAgain() {
        latest = 120;
        Unsettled batch = included(90, ConfirmationLevel.SEQUENCED);
        top(1);
        assertThat(decide()).isEmpty();

        canonical.put(90L, batch.inclusion().map(Inclusion::block).map(BlockRef::hash));
        assertThat(decide())
                .containsExactly(new Promote(
                        batch, ConfirmationLevel.FINALIZED, batch.inclusion().orElseThrow()));
    }

    @Test
    void aBlockThatWasReplacedTakesItsBatchesBack() {
        included(90, ConfirmationLevel.SEQUENCED);
        included(91, ConfirmationLevel.SEQUENCED);
        top(2);
        canonical.put(91L, Optional.of(hash("another")));

        assertThat(decide()).containsExactly(new Demote(2));
    }

    @Test
    void aHeadThatWentBackTakesBatchesBack() {
        included(90, ConfirmationLevel.SEQUENCED);
        included(91, ConfirmationLevel.SEQUENCED);
        top(1);

        assertThat(decide()).containsExactly(new Demote(2));
    }

    @Test
    void aShorterChainIsALaggingNodeUntilItStaysShorter() {
        newestBlock = 101;
        included(101, ConfirmationLevel.SEQUENCED);
        assertThat(decide()).containsExactly(new AwaitChain());

        behindSince = Optional.of(NOW.minusSeconds(4));
        assertThat(decide()).containsExactly(new AwaitChain());

        behindSince = Optional.of(NOW.minusSeconds(5));
        assertThat(decide()).containsExactly(new Demote(1));
    }

    @Test
    void aHeadOfSomebodyElseStopsUs() {
        batch(ConfirmationLevel.RECORDED, signed(5));
        lane = open(1, hash("theirs"));

        assertThat(decide()).singleElement().isInstanceOf(Halt.class);
    }

    @Test
    void aRotatedKeyStopsCommitsAndNotLevels() {
        Unsettled batch = batch(ConfirmationLevel.RECORDED, signed(4));
        batch(ConfirmationLevel.RECORDED);
        lane = new Lane.Open(FakeChain.ACCOUNT, STRANGER, FakeChain.SIGNER, SigningKey.SIGNS, 1, batch.head());
        Inclusion inclusion = inclusion(signed(4).hash(), 99, Effect.DONE);
        receipts.put(1L, inclusion);
        canonical.put(99L, Optional.of(inclusion.block().hash()));

        assertThat(decide())
                .hasSize(2)
                .contains(new Promote(batch, ConfirmationLevel.SEQUENCED, inclusion))
                .anySatisfy(step -> assertThat(step).isInstanceOf(Halt.class));
    }

    @Test
    void batchesThatAreNotHeldAreReadAsThereIsRoom() {
        batch(ConfirmationLevel.RECORDED);
        more = 500;

        assertThat(decide()).containsExactly(new Load(2));
    }

    private static Lane open(long sequence, Hash32 head) {
        return new Lane.Open(FakeChain.ACCOUNT, FakeChain.ACCOUNT, FakeChain.SIGNER, SigningKey.SIGNS, sequence, head);
    }

    private List<NextStep> decide() {
        long last = first + batches.size() - 1 + more;
        Hash32 head = batches.isEmpty() ? Hash32.ZERO : batches.getLast().head();
        LaneSnapshot state =
                new LaneSnapshot(last, head, first, batches, sendings, newestBlock, behindSince, reverts, careUntil);
        LedgerView view =
                new LedgerView(block(latest), block(latest - 5), block(latest - 10), nonce, lane, Duration.ZERO);
        return NextSteps.decide(SETTINGS, state, new Evidence(view, receipts, canonical, published, NOW));
    }

    private void top(long sequence) {
        Hash32 head = sequence < first || sequence >= first + batches.size()
                ? hash("head" + sequence)
                : batches.get((int) (sequence - first)).head();
        lane = open(sequence, head);
    }

    private Unsettled included(long block, ConfirmationLevel level) {
        Unsettled batch = unsettled(level, List.of(), Optional.of(inclusion(hash("tx" + block), block, Effect.DONE)));
        batches.add(batch);
        return batch;
    }

    private Unsettled batch(ConfirmationLevel level, SignedTransaction... signed) {
        Unsettled batch = unsettled(level, List.of(signed), Optional.empty());
        batches.add(batch);
        return batch;
    }

    private Unsettled unsettled(
            ConfirmationLevel level, List<SignedTransaction> signed, Optional<Inclusion> inclusion) {
        Hash32 previous = batches.isEmpty() ? Hash32.ZERO : batches.getLast().head();
        BatchHeader header = new BatchHeader(
                901,
                STRANGER,
                new LaneId(1),
                first + batches.size(),
                previous,
                POLICY,
                1,
                0,
                Hash32.ZERO,
                1,
                1,
                0,
                1,
                1,
                first + batches.size(),
                Hash32.ZERO,
                Hash32.ZERO,
                0,
                0);
        return new Unsettled(header, header.head(), List.of(POLICY), level, NOW, signed, inclusion);
    }

    private void sent(long sequence, SignedTransaction signed, Duration ago, Answer answer) {
        Instant at = NOW.minus(ago);
        sendings.put(sequence, new SubmissionState(signed.hash(), at, latest - 10, at, answer));
    }

    private static SignedTransaction signed(long nonce) {
        return SIGNED.computeIfAbsent(
                nonce,
                missing -> new SignedTransaction(hash("signed" + nonce), new byte[0], nonce, Wei.of(100), Wei.of(1)));
    }

    private static final Map<Long, SignedTransaction> SIGNED = new HashMap<>();
}
