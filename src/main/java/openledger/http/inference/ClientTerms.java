package openledger.http.inference;

import io.vertx.core.http.HttpServerRequest;
import java.time.Duration;
import java.util.Optional;
import openledger.http.header.DeadlineHeader;
import openledger.http.header.NonceHeader;
import openledger.http.header.ResendHeaders;
import openledger.http.header.SessionHeader;
import openledger.http.problem.Problem;
import openledger.http.problem.ProblemType;
import openledger.inference.admission.ResendHint;

/**
 * The options in a client's headers, beside those that are passed on to a provider.
 *
 * @param resend the hints that it was sent before
 * @param nonce what it adds to its digest, empty if nothing
 * @param deadline for how long it waits, if it says so
 * @param session that it belongs to, empty if it names none
 * @param objection the problem of the first invalid one
 */
record ClientTerms(
        ResendHint resend, String nonce, Optional<Duration> deadline, String session, Optional<Problem> objection) {
    static ClientTerms of(HttpServerRequest request) {
        Optional<ResendHint> resend = ResendHeaders.of(request);
        Optional<String> nonce = NonceHeader.of(request);
        String patience = request.getHeader(DeadlineHeader.NAME);
        Optional<Duration> deadline = patience == null ? Optional.empty() : DeadlineHeader.read(patience);
        Optional<String> session = SessionHeader.of(request);
        Optional<Problem> objection = Optional.empty();
        if (resend.isEmpty()) {
            objection =
                    Optional.of(Problem.of(ProblemType.INVALID_PARAMETER, ResendHeaders.KEY_RULE, ResendHeaders.KEY));
        } else if (nonce.isEmpty()) {
            objection = Optional.of(Problem.of(ProblemType.INVALID_PARAMETER, NonceHeader.RULE, NonceHeader.NAME));
        } else if (patience != null && deadline.isEmpty()) {
            objection =
                    Optional.of(Problem.of(ProblemType.INVALID_PARAMETER, DeadlineHeader.RULE, DeadlineHeader.NAME));
        } else if (session.isEmpty()) {
            objection = Optional.of(Problem.of(ProblemType.INVALID_PARAMETER, SessionHeader.RULE, SessionHeader.NAME));
        }
        return new ClientTerms(
                resend.orElse(ResendHint.NONE), nonce.orElse(""), deadline, session.orElse(""), objection);
    }

    /** The same of a request that another router has sent. */
    ClientTerms forwarded() {
        return new ClientTerms(resend.forwarded(), nonce, deadline, session, objection);
    }
}
