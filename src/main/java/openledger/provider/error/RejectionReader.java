package openledger.provider.error;

import com.fasterxml.jackson.databind.node.ObjectNode;
import openledger.inference.upstream.UpstreamRejection;

/** Makes a provider's error fit for a client: bounded, and without anything that might be a secret of the operator. */
public final class RejectionReader {
    private static final int LONGEST_MESSAGE = 1_000;
    private static final int LONGEST_WORD = 200;
    private static final int LARGEST_DETAILS = 4_000;

    private final Redaction redaction;

    public RejectionReader(String secret) {
        this.redaction = new Redaction(secret);
    }

    /** The complaint in a body; empty members where it has none. */
    UpstreamRejection read(String body) {
        return of(ComplaintReader.read(body));
    }

    public UpstreamRejection of(Complaint said) {
        return new UpstreamRejection(
                redaction.clean(said.message(), LONGEST_MESSAGE),
                redaction.clean(said.type(), LONGEST_WORD),
                redaction.clean(said.param(), LONGEST_WORD),
                redaction.clean(said.code(), LONGEST_WORD),
                details(said.details()));
    }

    private String details(ObjectNode details) {
        if (details.isEmpty()) {
            return "";
        }
        String text = redaction.clean(details, LONGEST_WORD).toString();
        return text.length() <= LARGEST_DETAILS ? text : "";
    }
}
