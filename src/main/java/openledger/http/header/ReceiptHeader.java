package openledger.http.header;

import java.util.Optional;
import openledger.http.problem.Problem;
import openledger.http.problem.ProblemType;
import org.jspecify.annotations.Nullable;

/** The header {@code openledger-receipt} of a request. */
public enum ReceiptHeader {
    PLAIN,
    /** A signature that binds us to bring the request's leaf on chain. */
    SIGNED;

    public static final String HEADER = "openledger-receipt";

    private static final String SIGNED_WORD = "signed";
    private static final String RULE = "The header must be 'signed', or absent.";
    private static final String OFF = "This router does not settle on a chain, so it signs no receipts; leave the"
            + " header 'openledger-receipt' out.";

    private static final String LACKS_STAKE = "The lane has too little at stake to commit, so no receipt can be signed"
            + " now; no provider was called. Without the header 'openledger-receipt' the request is served.";

    /** Reads the header; empty for a value we do not know. */
    public static Optional<ReceiptHeader> of(@Nullable String header) {
        if (header == null) {
            return Optional.of(PLAIN);
        }
        return SIGNED_WORD.equals(header) ? Optional.of(SIGNED) : Optional.empty();
    }

    /** What somebody is answered whose value we do not know. */
    public static Problem unknown() {
        return Problem.of(ProblemType.INVALID_PARAMETER, RULE, HEADER);
    }

    /** What somebody is answered who asks for a signature while no promise could be kept. */
    public static Problem lacksStake() {
        return Problem.of(ProblemType.CHAIN_LAGS, LACKS_STAKE, HEADER);
    }

    /** What somebody is answered who asks for a signature where there are none. */
    public static Problem off() {
        return Problem.of(ProblemType.SETTLEMENT_OFF, OFF, HEADER);
    }
}
