package openledger.verifier;

import java.io.IOException;
import java.net.http.HttpRequest;
import java.time.Duration;
import java.util.concurrent.TimeoutException;
import openledger.commitment.SignedPromise;
import openledger.commitment.leaf.LeafKind;
import openledger.commitment.verify.Receipt;
import openledger.commitment.verify.ReceiptVerification;
import openledger.commitment.verify.ReceiptVerification.Own;
import openledger.commitment.verify.ReceiptVerification.Pins;
import openledger.unit.RequestId;
import openledger.verifier.Unproved.Reason;

/** Looks what the receipt of a promise proves by now. Blocks; safe for several threads. */
final class ReceiptLook {
    private static final Duration LONGEST = Duration.ofSeconds(10);
    private static final int OK = 200;

    private final BoundedHttp http;
    private final ReceiptVerifier verifier;
    private final Pins pins;

    /** What a look found; what is neither proved nor wrong is overdue once its time is over. */
    record Found(boolean isProved, Reason reason, String why) {
        static Found open(String why) {
            return new Found(false, Reason.OVERDUE, why);
        }
    }

    ReceiptLook(BoundedHttp http, ReceiptVerifier verifier, Pins pins) {
        this.http = http;
        this.verifier = verifier;
        this.pins = pins;
    }

    /** Looks for the receipt of a request, whose promise was kept. */
    Found at(WatchedAnswer answered, RequestId request, SignedPromise promise) {
        try {
            HttpRequest.Builder question = HttpRequest.newBuilder(answered.receipt(request));
            answered.credentials().forEach(question::header);
            BoundedHttp.Answer answer =
                    http.send(question.build(), LONGEST, ReceiptReader.LARGEST, status -> status == OK);
            if (answer.status() != OK) {
                return Found.open("The router answers " + answer.status() + " in place of the receipt.");
            }
            if (answer.body().isEmpty()) {
                return Found.open("A receipt has at most " + ReceiptReader.LARGEST + " bytes.");
            }
            Receipt receipt = ReceiptReader.read(answer.body().get());
            return receipt.request().equals(request)
                    ? found(receipt, verifier.verify(receipt.withPromise(promise), pins, Own.NOTHING))
                    : Found.open("The receipt is of request " + receipt.request() + ".");
        } catch (UnreadableReceipt why) {
            return Found.open(String.valueOf(why.getMessage()));
        } catch (IOException | TimeoutException none) {
            return Found.open("The router gives no receipt.");
        } catch (InterruptedException end) {
            Thread.currentThread().interrupt();
            return Found.open("The look was given up.");
        } catch (RuntimeException bug) {
            // Nothing that a router sends may end the looks, not even by a mistake of ours, or it would never be
            // reported.
            return Found.open(
                    "The receipt could not be verified: " + bug.getClass().getSimpleName() + ".");
        }
    }

    private static Found found(Receipt receipt, ReceiptVerification verification) {
        String why = VerificationPrinter.reason(verification);
        return switch (verification.verdict()) {
            // Of a promise of a plan it holds with the outcome's leaf only if that followed the plan.
            case HOLDS ->
                LeafKind.of(receipt.leaf(), 0) == LeafKind.PLAN
                        ? Found.open("The plan's leaf is on chain, but the outcome's is in no batch yet.")
                        : new Found(true, Reason.OVERDUE, why);
            case OPEN -> Found.open(why);
            case MISROUTED -> new Found(false, Reason.MISROUTED, why);
            case BROKEN -> new Found(false, Reason.REFUTED, why);
        };
    }
}
