package openledger.wiring;

import java.util.Optional;
import java.util.regex.Pattern;
import openledger.chain.ChainSettings;
import openledger.commitment.LogOrigin;
import openledger.commitment.log.Checkpoint;
import openledger.commitment.log.LogHasher;
import openledger.commitment.log.NoteSigner;
import openledger.http.LogAccess.Readers;
import openledger.settlement.witness.WitnessSettings;

/**
 * How the log of our lane is published.
 *
 * @param signer called like the origin of the log; empty if it is not published
 * @param witnesses who cosign it; empty if nobody is asked to
 */
public record LogSettings(Optional<NoteSigner> signer, Readers readers, Optional<WitnessSettings> witnesses) {
    private static final Pattern ORIGIN = Pattern.compile("[!-~&&[^+:/]]+(:[0-9]+)?(/[!-~&&[^+/]]+)*");

    /**
     * The name of a log, if it can be one.
     *
     * @throws IllegalArgumentException if it cannot
     */
    public static String checked(String origin) {
        if (!ORIGIN.matcher(origin).matches()) {
            throw new IllegalArgumentException(
                    "must be a host and a path, without 'https://', spaces, '+' and a '/' at its end: " + origin);
        }
        return new Checkpoint(origin, 0, LogHasher.EMPTY_ROOT).origin();
    }

    /** Who signs the log of another lane of the pool: the same key, under the name that its own router gives it. */
    public Optional<NoteSigner> signer(ChainSettings lane) {
        return signer.map(ours -> ours.named(origin(lane)));
    }

    /** The name of a log that has been given none: it stays, wherever the router runs. */
    public static String origin(ChainSettings chain) {
        return LogOrigin.of(chain.chainId(), chain.registry(), chain.lane());
    }
}
