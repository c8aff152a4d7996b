package openledger.audit.court;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import openledger.commitment.LeafPromise;
import openledger.commitment.RegistryDomain;
import openledger.commitment.evm.CallData;
import openledger.commitment.leaf.LeafKind;
import openledger.unit.Hash32;
import openledger.unit.LaneId;
import openledger.unit.RequestKey;

/**
 * Finds what a lane has promised by the digest that it signed, because a vault tells no more of it than that and the request. Takes seconds,
 * off any event loop. Immutable.
 *
 * @param domain for whom it was signed
 * @param lane who has signed
 * @param digest of the promise
 * @param request that it is about
 */
public record PromiseSearch(RegistryDomain domain, LaneId lane, Hash32 digest, RequestKey request) {
    private static final int WORD = CallData.WORD;
    private static final int WORDS = 6;
    private static final int MOST_PLACES = 4_096;
    /** Seconds that are looked through: more than a year, which is a vault's longest window. */
    private static final long MOST_SECONDS = 400L * 86_400;

    /**
     * In the call data of the transaction that asked for it: they hold it, unless whoever asked went through a contract that packs its own.
     */
    public Optional<LeafPromise> within(byte[] callData) {
        byte[] key = request.word().bytes();
        int looked = 0;
        for (int at = WORD; at + (WORDS - 1) * WORD <= callData.length && looked < MOST_PLACES; at++) {
            if (callData[at] == key[0] && Arrays.equals(callData, at, at + WORD, key, 0, WORD)) {
                looked++;
                Optional<LeafPromise> found = read(callData, at + WORD).filter(this::isIt);
                if (found.isPresent()) {
                    return found;
                }
            }
        }
        return Optional.empty();
    }

    /** The words behind the request's. */
    private Optional<LeafPromise> read(byte[] data, int at) {
        long code = number(data, at);
        return Arrays.stream(LeafKind.values())
                .filter(kind -> kind.code() == code)
                .findFirst()
                .map(kind -> new LeafPromise(
                        lane.value(),
                        request,
                        kind,
                        Hash32.of(data, at + WORD),
                        number(data, at + 2 * WORD),
                        number(data, at + 3 * WORD)));
    }

    private static long number(byte[] data, int at) {
        long value = 0;
        for (int i = at + WORD - Long.BYTES; i < at + WORD; i++) {
            value = (value << Byte.SIZE) | (data[i] & 0xff);
        }
        return value;
    }

    /**
     * By trying: a promise of each kind, with and without the leaf, signed in each second. The most usual comes first, because the time may
     * be long: of an outcome, as receipts have it.
     *
     * @param leafHashes of the request's leaves, the most usual last
     * @param from first second in which it may have been signed, Unix s
     * @param to last one
     * @param bounds times from a promise to what it promises, seconds
     */
    public Optional<LeafPromise> tried(List<Hash32> leafHashes, long from, long to, List<Long> bounds) {
        List<Hash32> hashes = new ArrayList<>(leafHashes);
        hashes.add(Hash32.ZERO);
        long last = Math.min(to, from + MOST_SECONDS);
        byte[] separator = domain.separator().bytes();
        for (long bound : Set.copyOf(bounds)) {
            for (LeafKind kind : List.of(LeafKind.values()).reversed()) {
                for (Hash32 hash : hashes.reversed()) {
                    for (long second = from; second <= last; second++) {
                        LeafPromise promise =
                                new LeafPromise(lane.value(), request, kind, hash, second, second + bound);
                        if (digest.equals(RegistryDomain.digest(separator, promise.structHash()))) {
                            return Optional.of(promise);
                        }
                    }
                }
            }
        }
        return Optional.empty();
    }

    private boolean isIt(LeafPromise promise) {
        return domain.digest(promise.structHash()).equals(digest);
    }
}
