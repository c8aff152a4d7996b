package openledger.commitment.verify;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import openledger.commitment.BatchHeader;
import openledger.commitment.ConfirmationLevel;
import openledger.commitment.leaf.Leaf;
import openledger.commitment.log.InclusionPath;
import openledger.commitment.verify.ChainEvidence.Agreement;
import openledger.commitment.verify.ReceiptVerification.Check;
import openledger.commitment.verify.ReceiptVerification.Finding;
import openledger.commitment.verify.ReceiptVerification.Own;
import openledger.commitment.verify.ReceiptVerification.Pins;
import openledger.commitment.verify.ReceiptVerification.Subject;
import openledger.commitment.verify.ReceiptVerification.Verdict;
import openledger.routing.DecisionStatus;
import openledger.unit.Hash32;
import openledger.unit.RequestId;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Each thing that can be wrong with a receipt has its own reason. Long because they are read best as one list. */
final class ReceiptVerificationTest {
    private final ReceiptFixture fixture = new ReceiptFixture();

    @Test
    void aGenuineReceiptHoldsAndHasComeAsFarAsTheTagsSay() {
        ReceiptVerification result = verify();

        assertThat(result.verdict()).isEqualTo(Verdict.HOLDS);
        assertThat(result.reached()).contains(ConfirmationLevel.SEQUENCED);
        assertThat(result.checks())
                .extracting(Check::subject)
                .as("all, and that of witnesses where some are named")
                .containsExactlyElementsOf(EnumSet.complementOf(EnumSet.of(Subject.WITNESSES)));
        assertThat(result.checks())
                .extracting(Check::finding)
                .allSatisfy(found -> assertThat(found).isInstanceOfAny(Finding.Passed.class, Finding.Skipped.class));
    }

    @Test
    void theOwnersCopiesAreHeldAgainstTheDigests() {
        fixture.own = new Own(Optional.of(fixture.digest), Optional.empty(), Optional.of(fixture.responseDigest));
        assertThat(verify().verdict()).isEqualTo(Verdict.HOLDS);

        fixture.own = new Own(Optional.of(Hash32.ZERO), Optional.empty(), Optional.empty());
        assertBroken(Subject.REQUEST, "The given request has the digest 0x0000");
        fixture.own = new Own(Optional.empty(), Optional.empty(), Optional.of(Hash32.ZERO));
        assertBroken(Subject.RESPONSE, "The given answer has the digest 0x0000");
        fixture.own = new Own(Optional.of(fixture.digest), Optional.of("mine"), Optional.empty());
        assertBroken(Subject.REQUEST, "The given nonce is mine, the receipt's is none");
    }

    @Test
    void aChangedLeafFails() {
        fixture.leaf[39] ^= 1;
        assertBroken(Subject.PROOF, "Leaf and path do not lead to the header's root");
    }

    @Test
    void anothersLeafFails() {
        fixture.leaf[3] ^= 1;
        assertBroken(Subject.COMMITMENT, "another request's leaf");
    }

    @Test
    void bytesThatAreNoLeafFail() {
        fixture.leaf[32] = 9;
        assertBroken(Subject.LEAF, "These are not the bytes of a leaf (version: 2, not 9)");
        assertThat(finding(verify(), Subject.COMMITMENT)).isInstanceOf(Finding.Unchecked.class);
    }

    @Test
    void anIdDigestOrSaltThatWasChangedFails() {
        fixture.salt[0] ^= 1;
        assertBroken(Subject.COMMITMENT, "Id, digest and salt give");
    }

    @Test
    void aChangedAnswerFails() {
        fixture.responseDigest = Hash32.ZERO;
        assertBroken(Subject.ANSWER, "Response digest, the providers' names of the calls and what these took give");
    }

    @Test
    void aChangedIndexFailsAndTheRightOneIsNamed() {
        fixture.proof = new InclusionPath(102, fixture.proof.size(), fixture.proof.path());
        assertBroken(Subject.PROOF, "The index is wrong: the proof leads to the header's root from 104, not from 102");
    }

    @Test
    void anIndexBeyondTheBatchFails() {
        for (long index : List.of(-1L, 99L, 107L)) {
            fixture.proof = new InclusionPath(index, 107, fixture.proof.path());
            assertBroken(Subject.PROOF, "Leaf " + index + " of the log is not in this batch");
        }
    }

    @Test
    void aProofForAnotherSizeFails() {
        fixture.proof = new InclusionPath(104, 108, fixture.proof.path());
        assertBroken(Subject.PROOF, "The proof is for a log of 108 leaves, but the header says 107");
    }

    @Test
    void aChangedSiblingFails() {
        List<Hash32> path = new ArrayList<>(fixture.proof.path());
        path.set(0, Hash32.ZERO);
        fixture.proof = new InclusionPath(104, 107, path);
        assertBroken(Subject.PROOF, "Leaf and path do not lead to the header's root");
    }

    @Test
    void aChangedHeaderFails() {
        BatchHeader genuine = fixture.header;
        fixture.header = fixture.header(genuine.chainId(), genuine.lane(), Hash32.ZERO);
        assertBroken(Subject.HEADER, "the header is changed");
        assertBroken(Subject.RECORDED, "has another header");
    }

    @Test
    void aHeaderThatWasChangedTogetherWithItsHashIsNotRecorded() {
        fixture.header = fixture.header(901, fixture.header.lane(), Hash32.ZERO);
        fixture.head = fixture.header.head();
        assertThat(finding(verify(), Subject.HEADER)).isInstanceOf(Finding.Passed.class);
        assertBroken(Subject.RECORDED, "As batch 42 of lane 7 the registry has another header");
    }

    @Test
    void aNumberOutsideTheBatchFails() {
        fixture.request = new RequestId(7, 1);
        assertBroken(Subject.BATCH, "The request has number 1, but the batch goes from 101 to 107");
    }

    @Test
    void aBatchThatIsNotRecordedFails() {
        fixture.record = new NodeTestimony.Said<>(Hash32.ZERO);
        assertBroken(Subject.RECORDED, "The registry has no batch 42 of lane 7");
        assertThat(verify().reached()).isEmpty();
    }

    @Test
    void aRegistryThatRefusesTheProofFails() {
        fixture.verified = new NodeTestimony.Said<>(Agreement.NO);
        assertBroken(Subject.REGISTRY_PROOF, "rejects leaf and proof");
    }

    @Test
    void aReorgIsSeen() {
        fixture.canonical = new NodeTestimony.Said<>(Optional.of(Hash32.ZERO));
        assertBroken(Subject.BLOCK, "a reorg removed it");
        fixture.transactionIs(Optional.empty());
        assertBroken(Subject.BLOCK, "in no block");
        assertThat(verify().reached()).isEmpty();
    }

    @Test
    void aTransactionOfAnotherTimeIsNotTakenForTheBatchs() {
        fixture.blockTime++;
        assertBroken(Subject.BLOCK, "the receipt says that the batch was committed at");
    }

    @Test
    void aTransactionThatCommittedSomethingElseFails() {
        fixture.committed = new NodeTestimony.Said<>(Agreement.NO);
        assertBroken(Subject.BLOCK, "is not the one that committed this batch");
        fixture.committed = new NodeTestimony.Silent<>("the node keeps no receipts");
        assertOpen(Subject.BLOCK, "The effect of the transaction is not known");
    }

    @Test
    void aBlockThatIsOnlyAnnouncedIsNoBlockYet() {
        fixture.canonical = new NodeTestimony.Said<>(Optional.empty());
        ReceiptVerification result = verify();
        assertThat(result.verdict()).isEqualTo(Verdict.OPEN);
        assertThat(result.reached()).contains(ConfirmationLevel.PRECONFIRMED);
    }

    @ParameterizedTest
    @CsvSource({"49, 48, SEQUENCED", "50, 49, SAFE", "51, 50, FINALIZED"})
    void theTagsDecideTheLevel(long safe, long finalized, ConfirmationLevel expected) {
        fixture.tags =
                new NodeTestimony.Said<>(new ChainEvidence.Tags(60, OptionalLong.of(safe), OptionalLong.of(finalized)));
        assertThat(verify().reached()).contains(expected);
    }

    @Test
    void moreIsClaimedThanThisNodeShows() {
        fixture.level = ConfirmationLevel.FINALIZED;
        assertThat(verify().verdict()).isEqualTo(Verdict.OPEN);
        assertThat(text(finding(verify(), Subject.LEVEL)))
                .contains("claims FINALIZED, but by what this node says it is only SEQUENCED");
    }

    @Test
    void withoutANodeNothingIsBrokenAndNothingIsProved() {
        ReceiptVerification result = ReceiptVerification.of(
                fixture.receipt(), ChainEvidence.none("no node was asked"), Pins.NONE, Own.NOTHING);

        assertThat(result.verdict()).isEqualTo(Verdict.OPEN);
        assertThat(result.reached()).isEmpty();
    }

    @Test
    void moreAttemptsThanTheBudgetAreAMisroute() {
        fixture.committed(DecisionStatus.EXHAUSTED, 4, 5, Leaf.NO_TIER);
        assertMisroute(Subject.ATTEMPTS, "5 attempts were spent of a budget of 4");
    }

    @Test
    void aBudgetThatIsNotThePublishedOneIsAMisroute() {
        fixture.upTo = new NodeTestimony.Said<>(List.of(2, 5));
        assertMisroute(Subject.BUDGET, "a published budget of 5, but this request had 4");
        fixture.upTo = new NodeTestimony.Said<>(List.of());
        assertMisroute(Subject.BUDGET, "has published no route");
    }

    @Test
    void aFallBackBeforeTheBestTierWasSpentIsAMisroute() {
        fixture.committed(DecisionStatus.FELL_BACK, 4, 3, 1);
        assertMisroute(Subject.FALL_BACK, "served by tier 1 after 3 attempts, although better tiers are good for 3");
        fixture.committed(DecisionStatus.FELL_BACK, 4, 4, 1);
        assertThat(verify().verdict()).isEqualTo(Verdict.HOLDS);
        fixture.committed(DecisionStatus.FELL_BACK, 4, 4, 2);
        assertMisroute(Subject.FALL_BACK, "the published route has 2 tiers");
    }

    @Test
    void givingUpBeforeTheBudgetIsSpentIsAMisroute() {
        fixture.committed(DecisionStatus.EXHAUSTED, 4, 3, Leaf.NO_TIER);
        assertMisroute(Subject.EXHAUSTION, "given up as exhausted after 3 of 4 attempts");
    }

    @Test
    void aLeafThatContradictsItselfIsAMisroute() {
        fixture.committed(DecisionStatus.SERVED, 4, 4, 1);
        assertMisroute(Subject.END, "status SERVED with tier 1");
    }

    private void assertOpen(Subject subject, String reason) {
        assertThat(verify().verdict()).isEqualTo(Verdict.OPEN);
        assertThat(finding(verify(), subject)).isInstanceOf(Finding.Unchecked.class);
        assertThat(text(finding(verify(), subject))).contains(reason);
    }

    private ReceiptVerification verify() {
        return ReceiptVerification.of(fixture.receipt(), fixture.evidence(), fixture.pins, fixture.own);
    }

    private void assertBroken(Subject subject, String reason) {
        assertThat(verify().verdict()).isEqualTo(Verdict.BROKEN);
        assertThat(finding(verify(), subject)).isInstanceOf(Finding.Failed.class);
        assertThat(text(finding(verify(), subject))).contains(reason);
    }

    private void assertMisroute(Subject subject, String reason) {
        assertThat(verify().verdict()).isEqualTo(Verdict.MISROUTED);
        assertThat(finding(verify(), subject)).isInstanceOf(Finding.Misroute.class);
        assertThat(text(finding(verify(), subject))).contains(reason);
    }

    private static Finding finding(ReceiptVerification result, Subject subject) {
        return result.checks().stream()
                .filter(check -> check.subject() == subject)
                .findFirst()
                .orElseThrow()
                .finding();
    }

    private static String text(Finding finding) {
        return switch (finding) {
            case Finding.Passed(var text) -> text;
            case Finding.Failed(var text) -> text;
            case Finding.Misroute(var text) -> text;
            case Finding.Unchecked(var text) -> text;
            case Finding.Skipped(var text) -> text;
        };
    }
}
