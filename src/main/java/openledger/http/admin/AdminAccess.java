package openledger.http.admin;

import java.util.Optional;
import openledger.access.KeyDigest;

/** Checks the administrator's key. Thread-safe. */
public final class AdminAccess {
    public static final String PATH = "/admin";

    private volatile Optional<KeyDigest> key;

    /** @param key what is kept of the administrator's key; empty if there is none, and then no admin API either */
    public AdminAccess(Optional<KeyDigest> key) {
        this.key = key;
    }

    /** This key is the administrator's from now on; false if it is the same. */
    public boolean replace(Optional<KeyDigest> next) {
        boolean other = !key.equals(next);
        key = next;
        return other;
    }

    public Optional<KeyDigest> key() {
        return key;
    }
}
