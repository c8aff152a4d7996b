package openledger.access;

import io.smallrye.mutiny.Uni;
import java.util.Optional;

/** Port: callers by the tokens of an identity provider, in place of keys. Thread-safe. */
public interface TokenCallers {
    /** Nobody comes with a token. */
    TokenCallers NONE = new TokenCallers() {
        @Override
        public Optional<Caller> remembered(String presented) {
            return Optional.empty();
        }

        @Override
        public boolean isToken(String presented) {
            return false;
        }

        @Override
        public Uni<Optional<Caller>> check(String token) {
            return Uni.createFrom().item(Optional.empty());
        }
    };

    /** The caller of a token that was found valid before and has not expired; from memory. */
    Optional<Caller> remembered(String presented);

    /** Whether what is presented looks like a token, so that it is worth checking. */
    boolean isToken(String presented);

    /**
     * The caller of a token; empty if it is not valid, or not one whose tenant may ask. Fails if that cannot be found out
     * now. Never blocks; completes on any thread.
     */
    Uni<Optional<Caller>> check(String token);
}
