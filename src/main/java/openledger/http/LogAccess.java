package openledger.http;

import java.util.Optional;
import openledger.settlement.log.ServedLog;

/**
 * Access of the resources to the log that this router publishes.
 *
 * @param log empty on a router that does not settle, or has no key to sign its log with
 * @param readers who may read it
 */
public record LogAccess(Optional<ServedLog> log, Readers readers) {
    /** Who needs no key. */
    public enum Readers {
        EVERYBODY,
        /** Whoever has a key of this router. */
        CALLERS
    }
}
