package openledger.commitment.verify;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Optional;
import java.util.OptionalLong;
import openledger.commitment.BatchHeader;
import openledger.commitment.VectorsWriter;
import openledger.commitment.log.LogHasher;
import openledger.commitment.verify.ReceiptVerification.Finding;
import openledger.commitment.verify.ReceiptVerification.Pins;
import openledger.commitment.verify.ReceiptVerification.Subject;
import openledger.commitment.verify.ReceiptVerification.Verdict;
import openledger.unit.Address;
import openledger.unit.Hash32;
import openledger.unit.LaneId;
import org.junit.jupiter.api.Test;

/** What is trusted comes from who verifies: chain, registry, lane, and the accounts of the lane. */
final class TrustAnchorsTest {
    private static final Address STRANGER = Address.parse("0x" + "57".repeat(Address.BYTES));

    private final ReceiptFixture fixture = new ReceiptFixture();

    @Test
    void theWrongLaneFails() {
        fixture.header = fixture.header(901, new LaneId(8), Hash32.ZERO);
        assertBroken(Subject.LANE, "The request is of lane 7, but the batch is of lane 8");
    }

    @Test
    void aLaneThatIsNotTheExpectedOneFails() {
        fixture.pins = Pins.ofLane(new LaneId(9));
        assertBroken(Subject.LANE, "The batch is of lane 7, not of lane 9 as expected");
    }

    @Test
    void theWrongChainFails() {
        fixture.chainId = new NodeTestimony.Said<>(10L);
        assertBroken(Subject.CHAIN, "The batch is for chain 901, but the node is on chain 10");
    }

    @Test
    void aChainThatIsNotTheExpectedOneFails() {
        fixture.pins = pins(OptionalLong.of(10), Optional.empty());
        assertBroken(Subject.CHAIN, "The batch is for chain 901, not for chain 10 as expected");
    }

    @Test
    void theWrongRegistryFails() {
        fixture.pins = pins(OptionalLong.empty(), Optional.of(Address.of(new byte[Address.BYTES])));
        assertBroken(Subject.REGISTRY, "as expected");
        fixture.pins = Pins.ofLane(new LaneId(7));
        fixture.registryCode = new NodeTestimony.Said<>(Hash32.ZERO);
        assertBroken(Subject.REGISTRY, "There is no contract at");
    }

    @Test
    void aContractOfOtherCodeFailsUnlessItWasNamed() {
        fixture.registryCode = new NodeTestimony.Said<>(Hash32.of(VectorsWriter.word("a fake registry")));
        assertBroken(Subject.REGISTRY, "is not the registry that this verifier knows: its code differs");
        assertThat(verify().members().proved()).isEmpty();

        fixture.pins = pins(OptionalLong.empty(), Optional.of(ReceiptFixture.REGISTRY));
        assertThat(verify().verdict()).isEqualTo(Verdict.HOLDS);
    }

    @Test
    void theRightCodeAtAnotherAddressIsUncheckedUnlessItWasNamed() {
        BatchHeader genuine = fixture.header;
        fixture.elsewhere(Address.parse("0x" + "ab".repeat(Address.BYTES)));
        assertOpen(Subject.REGISTRY, "its initial state is not known");

        fixture.pins = pins(OptionalLong.empty(), Optional.of(fixture.header.registry()));
        assertThat(finding(verify(), Subject.REGISTRY)).isInstanceOf(Finding.Passed.class);
        assertThat(genuine.registry()).isEqualTo(RegistryCode.ADDRESS);
    }

    @Test
    void aLaneThatNobodyNamedIsUncheckedUnlessAnyWillDo() {
        fixture.pins = Pins.NONE;
        assertOpen(Subject.LANE, "which anybody can have opened");
        assertThat(verify().members().proved()).isEmpty();

        fixture.pins = new Pins(
                OptionalLong.empty(), Optional.empty(), Optional.empty(), Optional.empty(), Pins.OtherLanes.ALLOWED);
        assertThat(verify().verdict()).isEqualTo(Verdict.HOLDS);
        assertThat(text(finding(verify(), Subject.LANE))).contains("any lane was accepted");
    }

    @Test
    void aLaneCanBeNamedByItsOwner() {
        fixture.pins = owned(ReceiptFixture.COMMITTER);
        assertThat(verify().verdict()).isEqualTo(Verdict.HOLDS);

        fixture.pins = owned(Address.of(new byte[Address.BYTES]));
        assertBroken(Subject.LANE, "Lane 7 belongs to " + ReceiptFixture.COMMITTER + ", not to 0x0000");
    }

    @Test
    void aBlockThatIsNotTheTransactionsIsSeen() {
        fixture.namedBlock++;
        assertBroken(Subject.BLOCK, "but the receipt names it as block 51");
        fixture.namedBlockHash = Hash32.ZERO;
        assertOpen(Subject.BLOCK, "the receipt names another");
    }

    private static Pins pins(OptionalLong chain, Optional<Address> registry) {
        return new Pins(chain, registry, Optional.of(new LaneId(7)), Optional.empty(), Pins.OtherLanes.UNCHECKED);
    }

    private static Pins owned(Address owner) {
        return new Pins(
                OptionalLong.empty(),
                Optional.empty(),
                Optional.empty(),
                Optional.of(owner),
                Pins.OtherLanes.UNCHECKED);
    }

    @Test
    void aPromiseIsHeldAgainstLeafTimeAndSigner() {
        fixture.promise(fixture.committedAt, new LogHasher().entry(fixture.leaf));
        assertThat(verify().verdict()).isEqualTo(Verdict.HOLDS);

        fixture.promise(fixture.committedAt - 1, Hash32.ZERO);
        assertMisroute(Subject.PROMISE, "too late");
        fixture.promise(fixture.committedAt, Hash32.of(VectorsWriter.word("another leaf")));
        assertMisroute(Subject.PROMISE, "another leaf");
        fixture.signer = STRANGER;
        fixture.promise(fixture.committedAt, Hash32.ZERO);
        assertBroken(Subject.PROMISE, "as the receipt says");
        fixture.signedBy = Optional.empty();
        assertBroken(Subject.PROMISE, "is not valid");
    }

    /** A lane's key can be changed; what was signed before stays signed. */
    @Test
    void aPromiseCountsIfItsKeySignedForTheLaneAtThatTime() {
        long signedAt = fixture.committedAt - 60;
        fixture.promise(fixture.committedAt, Hash32.ZERO);
        assertThat(text(finding(verify(), Subject.PROMISE))).startsWith("The lane's signing key signed the promise");

        fixture.signerRetiredAt = new NodeTestimony.Said<>(signedAt);
        assertThat(verify().verdict()).isEqualTo(Verdict.HOLDS);
        assertThat(text(finding(verify(), Subject.PROMISE)))
                .startsWith("The key that was the lane's signing key until " + signedAt + " signed the promise");

        fixture.signerRetiredAt = new NodeTestimony.Said<>(signedAt - 1);
        assertBroken(Subject.PROMISE, "at " + signedAt + ", but that key was retired at " + (signedAt - 1));
        fixture.signerRetiredAt = new NodeTestimony.Said<>(0L);
        assertBroken(Subject.PROMISE, "which never was a signing key of lane 7");
        fixture.signerRetiredAt = new NodeTestimony.Silent<>("the node is away");
        assertOpen(Subject.PROMISE, "whether that is a signing key of the lane is not known: the node is away");
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
