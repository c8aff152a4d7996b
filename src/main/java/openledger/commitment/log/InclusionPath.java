package openledger.commitment.log;

import java.util.List;
import java.util.Optional;
import openledger.unit.Hash32;

/**
 * What shows that an entry stands at a place in a log of a certain size: RFC 9162, section 2.1.3. Two sizes can share a path, so the
 * size is to be taken from what is signed, never from who shows the path.
 *
 * @param index place of the entry, from 0
 * @param size entries of the log, from 1
 * @param path neighbours on the way up, from the bottom; at most 63
 */
public record InclusionPath(long index, long size, List<Hash32> path) {
    /** More could not be needed: the height of a log of 2^63 entries. */
    public static final int LONGEST = 63;

    public InclusionPath {
        path = List.copyOf(path);
    }

    /** The root that follows from this entry's hash; empty if no log of this size has such a path for this place. */
    public Optional<Hash32> root(Hash32 entryHash) {
        if (index < 0 || index >= size || path.size() > LONGEST) {
            return Optional.empty();
        }
        LogHasher hasher = new LogHasher();
        long at = index;
        long last = size - 1;
        Hash32 hash = entryHash;
        for (Hash32 neighbour : path) {
            if (last == 0) {
                return Optional.empty();
            }
            if ((at & 1) == 1 || at == last) {
                hash = hasher.node(neighbour, hash);
                while ((at & 1) == 0 && at != 0) {
                    at >>= 1;
                    last >>= 1;
                }
            } else {
                hash = hasher.node(hash, neighbour);
            }
            at >>= 1;
            last >>= 1;
        }
        return last == 0 ? Optional.of(hash) : Optional.empty();
    }
}
