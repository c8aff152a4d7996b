package openledger.commitment.verify;

import java.util.Optional;
import java.util.function.Function;
import openledger.commitment.LeafPromise;
import openledger.commitment.SignedPromise;
import openledger.commitment.evm.SignatureRecovery;
import openledger.commitment.leaf.RequestCommitment;
import openledger.commitment.leaf.RequestDigest;
import openledger.commitment.verify.ReceiptVerification.Finding;
import openledger.commitment.verify.ReceiptVerification.Finding.Failed;
import openledger.commitment.verify.ReceiptVerification.Finding.Passed;
import openledger.commitment.verify.ReceiptVerification.Finding.Unchecked;
import openledger.commitment.verify.ReceiptVerification.Pins;
import openledger.unit.Address;
import openledger.unit.RequestKey;

/**
 * The promise that comes with an answer, checked on the spot with nothing but the digest of the body that was sent. Pure; takes less
 * than a millisecond.
 *
 * @param finding passed, failed or unchecked
 * @param promise as the header has it; empty if there is none that can be read
 * @param signer whose signature it has
 */
public record AnswerPromiseCheck(Finding finding, Optional<PromiseHeader> promise, Optional<Address> signer) {
    /** In place of a promise that the router could not sign. */
    public static final String NONE = "none";

    /** Seconds by which the clock here may be behind the router's, or before it. */
    private static final long MOST_SKEW = 300;

    /**
     * An answer as it came.
     *
     * @param promise the header {@code openledger-promise}
     * @param request the header {@code openledger-request}
     */
    public record Headers(Optional<String> promise, Optional<String> request) {}

    /**
     * Checks a promise.
     *
     * @param digest {@link RequestDigest} of the body that was sent, with its nonce, 32 bytes
     * @param pins what it must be of; without a registry only the one that ships with this program will do
     * @param expected who must have signed the promise that some account has signed; empty: the finding is unchecked at best
     * @param now Unix seconds
     */
    public static AnswerPromiseCheck of(
            Headers headers, byte[] digest, Pins pins, Function<SignedPromise, Optional<Address>> expected, long now) {
        if (headers.promise.isEmpty()) {
            return new AnswerPromiseCheck(
                    new Unchecked("The answer has no promise."), Optional.empty(), Optional.empty());
        }
        if (headers.promise.get().equals(NONE)) {
            return new AnswerPromiseCheck(
                    new Unchecked("The router could not sign a promise in time."), Optional.empty(), Optional.empty());
        }
        PromiseHeader header;
        try {
            header = PromiseHeader.parse(headers.promise.get());
        } catch (IllegalArgumentException why) {
            return new AnswerPromiseCheck(
                    new Failed("The promise cannot be read: " + why.getMessage() + "."),
                    Optional.empty(),
                    Optional.empty());
        }
        Optional<Address> signed = SignatureRecovery.signer(header.digest(), header.signature());
        Finding finding = objection(header, digest, pins, now)
                .or(() -> headers.request
                        .filter(answered -> !answered.equals(header.request().toString()))
                        .map(answered -> new Failed("The promise is about request " + header.request()
                                + ", but the answer is of request " + ReceiptContent.shown(answered) + ".")))
                .<Finding>map(failed -> failed)
                .orElseGet(() -> signed.map(account -> signed(account, expected.apply(header.signedBy(account))))
                        .orElseGet(() -> new Failed("The promise's signature is not valid.")));
        return new AnswerPromiseCheck(finding, Optional.of(header), signed);
    }

    private static Optional<Failed> objection(PromiseHeader header, byte[] digest, Pins pins, long now) {
        LeafPromise promise = header.promise();
        Address registry = pins.registry().orElse(RegistryCode.ADDRESS);
        long chain = pins.chainId().orElse(header.chainId());
        if (pins.lane().isPresent() && promise.lane() != pins.lane().get().value()) {
            return failed("The promise is of lane " + promise.lane() + ", not of lane "
                    + pins.lane().get().value() + ".");
        }
        if (header.chainId() != chain || !header.registry().equals(registry)) {
            return failed("The promise is for registry " + header.registry() + " on chain " + header.chainId()
                    + ", not for " + registry + " on chain " + chain + ".");
        }
        if (header.request().lane() != promise.lane()) {
            return failed("The promise is of lane " + promise.lane() + ", but its request " + header.request()
                    + " is of another.");
        }
        RequestKey key = RequestCommitment.of(header.request(), digest, header.salt());
        if (!promise.request().equals(key)) {
            return failed("The promise is about another request or another body: it has the key " + promise.request()
                    + ", not " + key + ".");
        }
        if (promise.anchorBy() < promise.signedAt() || promise.anchorBy() - promise.signedAt() > LeafPromise.LONGEST) {
            return failed("The promise was signed at " + promise.signedAt() + " and is due by " + promise.anchorBy()
                    + ": a promise is for an hour at most.");
        }
        if (promise.anchorBy() < now - MOST_SKEW) {
            // It may be an old one, of an equal body.
            return failed("The promise was due by " + promise.anchorBy() + ", more than five minutes ago.");
        }
        return promise.anchorBy() > now + LeafPromise.LONGEST + MOST_SKEW
                ? failed("The promise is due by " + promise.anchorBy() + ", more than an hour from now.")
                : Optional.empty();
    }

    private static Optional<Failed> failed(String why) {
        return Optional.of(new Failed(why));
    }

    private static Finding signed(Address signer, Optional<Address> expected) {
        if (expected.isEmpty()) {
            return new Unchecked("The promise was signed by " + signer
                    + "; whether that is a signing key of the lane is not known: name the signer that you expect.");
        }
        return signer.equals(expected.get())
                ? new Passed("The promise is about this request, and " + signer + " signed it, as expected.")
                : new Failed("The promise was signed by " + signer + ", not by " + expected.get() + " as expected.");
    }
}
