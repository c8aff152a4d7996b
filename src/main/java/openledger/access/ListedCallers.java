package openledger.access;

import java.util.Map;
import java.util.Optional;

/** The callers of a list that is replaced as a whole. Thread-safe. */
public final class ListedCallers implements KeyDirectory {
    private volatile Map<KeyDigest, Caller> callers;

    public ListedCallers(Map<KeyDigest, Caller> callers) {
        this.callers = Map.copyOf(callers);
    }

    /** These and no others are listed from now on; false if they are the same. */
    public boolean replace(Map<KeyDigest, Caller> next) {
        boolean other = !callers.equals(next);
        callers = Map.copyOf(next);
        return other;
    }

    @Override
    public Optional<Caller> byDigest(KeyDigest digest) {
        return Optional.ofNullable(callers.get(digest));
    }
}
