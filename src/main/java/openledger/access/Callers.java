package openledger.access;

import java.util.Optional;

/** Port: finds the caller of a key. Answers from memory. Thread-safe. */
public interface Callers {
    /** The caller a presented key belongs to; empty if there is none, or the key has expired or been revoked. */
    Optional<Caller> byKey(String presented);
}
