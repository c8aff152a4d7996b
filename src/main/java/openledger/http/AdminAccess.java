package openledger.http;

import java.util.Optional;
import openledger.inference.KeyDigest;

/**
 * Who may administrate.
 *
 * @param key what is kept of the administrator's key; empty if there is none, and then no admin API either
 */
public record AdminAccess(Optional<KeyDigest> key) {
    static final String PATH = "/admin";

    boolean isOff() {
        return key.isEmpty();
    }
}
