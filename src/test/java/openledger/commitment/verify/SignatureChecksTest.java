package openledger.commitment.verify;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Optional;
import openledger.commitment.HeadSigning;
import openledger.commitment.LaneHead;
import openledger.commitment.SignedHead;
import openledger.commitment.verify.ReceiptVerification.Check;
import openledger.commitment.verify.ReceiptVerification.Finding;
import openledger.commitment.verify.ReceiptVerification.Finding.Failed;
import openledger.commitment.verify.ReceiptVerification.Finding.Passed;
import openledger.commitment.verify.ReceiptVerification.Finding.Skipped;
import openledger.commitment.verify.ReceiptVerification.Finding.Unchecked;
import openledger.commitment.verify.ReceiptVerification.Subject;
import openledger.commitment.verify.ReceiptVerification.Verdict;
import org.junit.jupiter.api.Test;
import org.web3j.crypto.Credentials;

/** The signed head of a receipt's batch, by whose key it is and what it is of. */
final class SignatureChecksTest {
    private final ReceiptFixture fixture = new ReceiptFixture();

    private ReceiptVerification verify() {
        return ReceiptVerification.of(fixture.receipt(), fixture.evidence(), fixture.pins, fixture.own);
    }

    private Finding finding(Verdict verdict) {
        ReceiptVerification verification = verify();
        assertThat(verification.verdict()).isEqualTo(verdict);
        return verification.checks().stream()
                .filter(check -> check.subject() == Subject.SIGNED_HEAD)
                .map(Check::finding)
                .findFirst()
                .orElseThrow();
    }

    private void sign(LaneHead head, Credentials key) {
        fixture.signedHead =
                Optional.of(HeadSigning.sign(fixture.header.chainId(), fixture.header.registry(), head, key));
    }

    /** As a receipt has it: the signature beside the header of the batch, whatever was signed. */
    private void shown(SignedHead signed) {
        fixture.signedHead = Optional.of(SignedHead.of(fixture.header, signed.signature(), signed.signer()));
    }

    @Test
    void aReceiptWithoutOneHoldsAsBefore() {
        assertThat(finding(Verdict.HOLDS)).isEqualTo(new Skipped("There is no signed head in the receipt."));
    }

    @Test
    void theHeadIsSignedByAKeyOfTheLane() {
        sign(LaneHead.of(fixture.header), HeadSigning.KEY);
        assertThat(finding(Verdict.HOLDS)).isEqualTo(new Passed("The lane's signing key signed the head of batch 42."));

        fixture.headSignerRetiredAt = new NodeTestimony.Said<>(17L);
        assertThat(finding(Verdict.HOLDS))
                .isEqualTo(new Passed("The key that was the lane's signing key until 17 signed the head of batch 42."));

        fixture.headSignerRetiredAt = new NodeTestimony.Silent<>("the node is away.");
        assertThat(finding(Verdict.OPEN))
                .isEqualTo(new Unchecked("The head was signed by " + HeadSigning.SIGNER
                        + "; whether that is a signing key of the lane is not known: the node is away."));

        fixture.headSignerRetiredAt = new NodeTestimony.Said<>(0L);
        assertThat(finding(Verdict.BROKEN))
                .isEqualTo(new Failed(
                        "The head was signed by " + HeadSigning.SIGNER + ", which never was a signing key of lane 7."));
    }

    @Test
    void aSignatureOfAnotherSequenceIsOfNobodyHere() {
        sign(new LaneHead(7, 43, fixture.header.head()), HeadSigning.KEY);
        shown(fixture.signedHead.orElseThrow());

        assertThat(finding(Verdict.BROKEN).toString())
                .contains("not by " + HeadSigning.SIGNER + " as the receipt says");
    }

    @Test
    void aChangedSignatureOrSignerIsRefuted() {
        sign(LaneHead.of(fixture.header), HeadSigning.KEY);
        SignedHead genuine = fixture.signedHead.orElseThrow();
        byte[] changed = genuine.signature().clone();
        changed[20] ^= 1;
        shown(new SignedHead(901, genuine.registry(), genuine.head(), changed, genuine.signer()));
        assertThat(finding(Verdict.BROKEN)).isInstanceOf(Failed.class);

        shown(new SignedHead(901, genuine.registry(), genuine.head(), new byte[65], genuine.signer()));
        assertThat(finding(Verdict.BROKEN)).isEqualTo(new Failed("The head's signature is not valid."));

        shown(new SignedHead(901, genuine.registry(), genuine.head(), genuine.signature(), ReceiptFixture.COMMITTER));
        assertThat(finding(Verdict.BROKEN))
                .isEqualTo(new Failed("The head was signed by " + HeadSigning.SIGNER + ", not by "
                        + ReceiptFixture.COMMITTER + " as the receipt says."));
    }
}
