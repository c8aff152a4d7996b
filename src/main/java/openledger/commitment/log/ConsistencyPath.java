package openledger.commitment.log;

import java.util.Iterator;
import java.util.List;
import openledger.unit.Hash32;

/**
 * What shows that a log begins with all that it once was: RFC 9162, section 2.1.4.
 *
 * @param earlier entries then, from 0
 * @param size entries now, not fewer
 * @param path hashes as the RFC orders them; at most 63
 */
public record ConsistencyPath(long earlier, long size, List<Hash32> path) {
    public ConsistencyPath {
        path = List.copyOf(path);
    }

    /** True if the log with root {@code now} begins with the log that had root {@code then}. A log without entries begins every log. */
    public boolean proves(Hash32 then, Hash32 now) {
        if (earlier < 0 || earlier > size || path.size() > InclusionPath.LONGEST) {
            return false;
        }
        if (earlier == 0) {
            return path.isEmpty() && then.equals(LogHasher.EMPTY_ROOT) && (size > 0 || now.equals(then));
        }
        if (earlier == size) {
            return path.isEmpty() && then.equals(now);
        }
        return !path.isEmpty() && walk(then, now);
    }

    private boolean walk(Hash32 then, Hash32 now) {
        LogHasher hasher = new LogHasher();
        Iterator<Hash32> rest = path.iterator();
        long at = earlier - 1;
        long last = size - 1;
        while ((at & 1) == 1) {
            at >>= 1;
            last >>= 1;
        }
        // A log of 2^n entries is a node of the later tree, and its root is known.
        Hash32 before = at == 0 ? then : rest.next();
        Hash32 after = before;
        while (rest.hasNext()) {
            Hash32 hash = rest.next();
            if (last == 0) {
                return false;
            }
            if ((at & 1) == 1 || at == last) {
                before = hasher.node(hash, before);
                after = hasher.node(hash, after);
                while ((at & 1) == 0 && at != 0) {
                    at >>= 1;
                    last >>= 1;
                }
            } else {
                after = hasher.node(after, hash);
            }
            at >>= 1;
            last >>= 1;
        }
        return last == 0 && before.equals(then) && after.equals(now);
    }
}
