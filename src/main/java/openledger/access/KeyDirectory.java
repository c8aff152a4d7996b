package openledger.access;

import java.util.Optional;

/** Port: keys of one origin, by their digests. Answers from memory. Thread-safe. */
public interface KeyDirectory {
    /** The caller whose key has this digest. */
    Optional<Caller> byDigest(KeyDigest digest);
}
