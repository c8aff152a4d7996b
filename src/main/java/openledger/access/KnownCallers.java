package openledger.access;

import java.util.List;
import java.util.Map;
import java.util.Optional;

/** The callers of all directories; the first that knows a key has it. A key is digested once. Thread-safe. */
public final class KnownCallers implements Callers {
    private final List<KeyDirectory> directories;

    public KnownCallers(List<KeyDirectory> directories) {
        this.directories = List.copyOf(directories);
    }

    /** A directory that never changes. */
    public static KeyDirectory listed(Map<KeyDigest, Caller> callers) {
        Map<KeyDigest, Caller> fixed = Map.copyOf(callers);
        return digest -> Optional.ofNullable(fixed.get(digest));
    }

    @Override
    public Optional<Caller> byKey(String presented) {
        return KeyDigest.ofPresented(presented).flatMap(this::byDigest);
    }

    private Optional<Caller> byDigest(KeyDigest digest) {
        for (KeyDirectory directory : directories) {
            Optional<Caller> found = directory.byDigest(digest);
            if (found.isPresent()) {
                return found;
            }
        }
        return Optional.empty();
    }
}
