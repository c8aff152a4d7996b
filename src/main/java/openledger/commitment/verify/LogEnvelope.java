package openledger.commitment.verify;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Optional;
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
     * @throws IllegalArgumentException if they begin like one, and are none
     */
    static Optional<LogEnvelope> read(byte[] bytes) {
        byte[] head = "c2sp.org/tlog-proof@".getBytes(StandardCharsets.US_ASCII);
        byte tagged = (byte) 0xd2;
        if (bytes.length > 0 && bytes[0] == tagged) {
            return Optional.of(new Statement(CoseStatement.parse(bytes)));
        }
        return bytes.length >= head.length && Arrays.equals(head, Arrays.copyOf(bytes, head.length))
                ? Optional.of(new Proof(LogProof.parse(new String(bytes, StandardCharsets.UTF_8))))
                : Optional.empty();
    }
}
