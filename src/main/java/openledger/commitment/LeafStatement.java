package openledger.commitment;

import java.util.List;
import java.util.Optional;
import openledger.commitment.log.CoseReceipt;
import openledger.commitment.log.CoseStatement;
import openledger.commitment.log.InclusionPath;
import openledger.commitment.log.NoteSigner;
import openledger.unit.Hash32;
import openledger.unit.RequestId;

/** What is particular to statements whose payload is a leaf: their media type, and the name of the request that they are about. */
public final class LeafStatement {
    /** Media type of the payload: the 96 bytes of a leaf. */
    public static final String CONTENT_TYPE = "application/vnd.openledger.leaf";

    private static final String SUBJECT = "urn:openledger:request:";

    private LeafStatement() {}

    /**
     * Signs a leaf, and the root of the log that it is in.
     *
     * @param inclusion from the leaf to the root
     * @param seconds the time of the receipt, Unix
     */
    public static CoseStatement sign(
            RequestId request, byte[] leaf, InclusionPath inclusion, Hash32 root, long seconds, NoteSigner log) {
        String issuer = log.key().name();
        String subject = SUBJECT + request;
        return CoseStatement.sign(issuer, subject, CONTENT_TYPE, leaf, log)
                .with(List.of(CoseReceipt.issue(issuer, subject, seconds, inclusion, root, log)));
    }

    /** The request that a subject names; empty if it names none. */
    public static Optional<RequestId> request(String subject) {
        return subject.startsWith(SUBJECT) ? RequestId.parse(subject.substring(SUBJECT.length())) : Optional.empty();
    }
}
