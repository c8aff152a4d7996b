package openledger.http.access;

import io.smallrye.mutiny.Uni;
import io.vertx.core.net.SocketAddress;
import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import java.time.Duration;
import java.util.Optional;
import openledger.access.Caller;
import openledger.access.Callers;
import openledger.access.TokenCallers;
import openledger.http.HttpLimits;
import openledger.http.problem.Problem;
import openledger.http.problem.ProblemType;
import openledger.http.problem.Refusal;
import openledger.inference.Timekeeper;
import openledger.inference.admission.FairPermits;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/** Finds the caller of a request by its key or token. Thread-safe. */
@Singleton
public final class Authenticator {
    private static final Logger LOG = Logger.getLogger(Authenticator.class);

    /** A check is arithmetic for a stranger, and may wait for the issuer's keys. */
    private static final int MOST_CHECKS = 256;

    private static final Duration LONGEST_CHECK = Duration.ofSeconds(5);

    final FairPermits checks = new FairPermits(MOST_CHECKS);
    private final Callers callers;
    private final TokenCallers tokens;
    private final FailedKeyLimiter wrongKeys;

    @Inject
    public Authenticator(Callers callers, TokenCallers tokens, Timekeeper time, HttpLimits limits) {
        this.callers = callers;
        this.tokens = tokens;
        this.wrongKeys = new FailedKeyLimiter(limits.wrongKeysPerMinute(), time);
    }

    /** Who presents this key, or a token that was checked before; from memory. */
    public Optional<Caller> known(String presented) {
        Optional<Caller> caller = callers.byKey(presented);
        return caller.isPresent() ? caller : tokens.remembered(presented);
    }

    /** Whether somebody who is not known may become so by {@link #check}. */
    public boolean isWorthChecking(String presented) {
        return tokens.isToken(presented);
    }

    /**
     * Who presents a token, from what address. Nobody knows yet whose it is, so the address has the share of the checks that are
     * made at once. Completes on any thread; never fails but with {@link CannotTell}.
     */
    public Uni<Optional<Caller>> check(String presented, @Nullable SocketAddress from) {
        String address = from == null || from.hostAddress() == null ? "" : from.hostAddress();
        return Uni.createFrom().deferred(() -> {
            if (!checks.take(address)) {
                return Uni.createFrom().failure(new CannotTell());
            }
            return tokens.check(presented)
                    .ifNoItem()
                    .after(LONGEST_CHECK)
                    .fail()
                    .onTermination()
                    .invoke(() -> checks.giveBack(address))
                    .onFailure()
                    .transform(cause -> {
                        // Its class alone: a message might quote the token.
                        LOG.warnf(
                                "tokens cannot be checked, reason=%s",
                                cause.getClass().getName());
                        return new CannotTell();
                    });
        });
    }

    /** What somebody is answered whom we do not know. */
    public Refusal refuse() {
        return wrongKeys.refuse(PresentedCredential.HINT);
    }

    /** What somebody is answered whose token cannot be checked now. */
    public static Refusal cannotTell() {
        String detail = "Tokens cannot be checked at the moment; no provider was called.";
        return new Refusal(Problem.of(ProblemType.OVERLOADED, detail, ""), Optional.of(Duration.ofSeconds(1)));
    }

    /** The identity provider could not be asked. */
    static final class CannotTell extends RuntimeException {
        CannotTell() {
            super("tokens cannot be checked", null, false, false);
        }
    }
}
