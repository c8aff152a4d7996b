package openledger.commitment.verify;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Optional;
import java.util.function.Supplier;
import openledger.commitment.log.CoseStatement;
import openledger.commitment.log.LogProof;

/** A receipt that the log of a lane signs, in one of its two forms. Nothing in it counts before {@link LogVerification}. */
public sealed interface LogEnvelope {
    /** C2SP tlog-proof, which does not contain the leaf. */
    record Proof(LogProof proof) implements LogEnvelope {}

    /** The leaf as a signed statement, with COSE Receipts (RFC 9942). */
    record Statement(CoseStatement statement) implements LogEnvelope {}

    /**
     * Reads one; empty if the bytes begin like neither form.
     *
     * @throws IllegalArgumentException if they begin like one, and are none, in a sentence
     */
    static Optional<LogEnvelope> read(byte[] bytes) {
        byte[] head = "c2sp.org/tlog-proof@".getBytes(StandardCharsets.US_ASCII);
        byte tagged = (byte) 0xd2;
        if (bytes.length > 0 && bytes[0] == tagged) {
            return Optional.of(new Statement(whole("COSE receipt", () -> CoseStatement.parse(bytes))));
        }
        return bytes.length >= head.length && Arrays.equals(head, Arrays.copyOf(bytes, head.length))
                ? Optional.of(new Proof(whole("tlog-proof", () -> LogProof.parse(bytes))))
                : Optional.empty();
    }

    /** Where it is not whole is told by the cause; every verifier has this sentence. */
    private static <T> T whole(String form, Supplier<T> reading) {
        try {
            return reading.get();
        } catch (IllegalArgumentException none) {
            throw new IllegalArgumentException(
                    "It begins like a " + form
                            + ", and is none: it is cut off, changed, or not written in its one form.",
                    none);
        }
    }
}
