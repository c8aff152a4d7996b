package openledger.audit.charge;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import openledger.commitment.LeafPromise;
import openledger.commitment.SignedPromise;
import openledger.commitment.leaf.LeafEncoding;
import openledger.commitment.log.LogHasher;
import openledger.commitment.stake.VaultCall;
import openledger.commitment.stake.VaultFault;
import openledger.unit.Hash32;
import openledger.unit.LaneId;
import openledger.unit.RequestKey;

/**
 * Holds what clients were promised against what was committed. A promise whose leaf may be in a batch that was not read is charged with
 * nothing. Confined to one thread.
 */
public final class PromisedLeaves {
    /** Beyond the time that was promised, before a bond is put up for it, s. */
    public static final long PATIENCE = 600;

    private static final int MOST = 100_000;
    private static final int COUNTER = RequestKey.COMMITMENT_BYTES;
    private static final int KIND = 33;

    private final LaneId lane;
    private final LogHasher hasher = new LogHasher();
    private final Map<Hash32, Waiting> waiting = new LinkedHashMap<>();
    private final Map<Long, Set<Hash32>> byCounter = new HashMap<>();
    private final Set<Hash32> known = new HashSet<>();

    /** @param complete whether all batches in which its leaf may be are read */
    private record Waiting(SignedPromise promise, boolean complete) {}

    public PromisedLeaves(LaneId lane) {
        this.lane = lane;
    }

    /**
     * A promise to watch; whoever has signed it, the vault knows.
     *
     * @param newest the newest batch that was read; 0 if none
     * @param readSince time since which all batches were read, Unix s
     * @return whether earlier batches that were read have to be read again ({@link #read}), since its leaf may be in one of them
     */
    public boolean add(SignedPromise promise, long newest, long readSince) {
        Hash32 digest = promise.digest();
        if (promise.promise().lane() != lane.value() || waiting.size() >= MOST || !known.add(digest)) {
            return false;
        }
        boolean complete = promise.promise().signedAt() >= readSince;
        waiting.put(digest, new Waiting(promise, complete));
        byCounter
                .computeIfAbsent(promise.promise().request().counter(), counter -> new HashSet<>())
                .add(digest);
        return newest > 0;
    }

    /** Reads a batch, whichever; what differs from a promise. */
    public List<Charge> read(BatchContent batch) {
        if (waiting.isEmpty()) {
            return List.of();
        }
        List<Charge> charges = new ArrayList<>();
        for (int place = 0; place < batch.header().count(); place++) {
            long counter = number(batch.bytes(), place * LeafEncoding.BYTES + COUNTER);
            if (byCounter.containsKey(counter)) {
                hold(batch, place, counter, charges);
            }
        }
        return charges;
    }

    private void hold(BatchContent batch, int place, long counter, List<Charge> charges) {
        byte[] leaf = batch.leaf(place);
        Hash32 hash = hasher.entry(leaf);
        for (Hash32 digest : List.copyOf(byCounter.getOrDefault(counter, Set.of()))) {
            SignedPromise signed = Objects.requireNonNull(waiting.get(digest)).promise;
            LeafPromise promise = signed.promise();
            if (leaf[KIND] != promise.kind().code()) {
                continue;
            }
            boolean isIt = promise.leafHash().equals(Hash32.ZERO)
                    ? promise.request().word().equals(Hash32.of(leaf, 0))
                    : promise.leafHash().equals(hash);
            if (isIt) {
                forget(digest, counter);
            } else if (!promise.leafHash().equals(Hash32.ZERO) && isLeaf(leaf)) {
                forget(digest, counter);
                charges.add(new Charge(
                        VaultFault.DIFFERS,
                        lane,
                        batch.header().sequence(),
                        batch.committed().block(),
                        promise.anchorBy(),
                        VaultFault.DIFFERS.sentence(),
                        new VaultCall.ProveDiffers(signed, batch.paths().shown(place))));
            }
        }
    }

    /**
     * Promises that are not kept, so late that nothing on its way can keep them.
     *
     * @param finalized time up to which all batches were read and can be taken back by nothing, Unix s
     * @param block of that time
     */
    public List<Charge> overdue(long finalized, long block) {
        List<Charge> charges = new ArrayList<>();
        for (Iterator<Map.Entry<Hash32, Waiting>> each = waiting.entrySet().iterator(); each.hasNext(); ) {
            Map.Entry<Hash32, Waiting> entry = each.next();
            SignedPromise signed = entry.getValue().promise;
            if (signed.promise().anchorBy() + PATIENCE >= finalized) {
                continue;
            }
            each.remove();
            long counter = signed.promise().request().counter();
            byCounter.getOrDefault(counter, new HashSet<>()).remove(entry.getKey());
            if (entry.getValue().complete) {
                charges.add(new Charge(
                        VaultFault.OMITTED,
                        lane,
                        0,
                        block,
                        signed.promise().anchorBy(),
                        VaultFault.OMITTED.sentence(),
                        new VaultCall.OpenOmitted(signed)));
            }
        }
        return charges;
    }

    /**
     * Earlier batches were read again.
     *
     * @param since time of the first of them, Unix s: what was promised before may have been committed before
     */
    public void readSince(long since) {
        waiting.replaceAll((digest, one) ->
                new Waiting(one.promise, one.complete && one.promise.promise().signedAt() >= since));
    }

    /** A batch that cannot be read: what is promised now may be in it. */
    public void pass() {
        waiting.replaceAll((digest, one) -> new Waiting(one.promise, false));
    }

    private void forget(Hash32 digest, long counter) {
        waiting.remove(digest);
        Set<Hash32> left = byCounter.get(counter);
        if (left != null && left.remove(digest) && left.isEmpty()) {
            byCounter.remove(counter);
        }
    }

    /** How many are watched. */
    public int size() {
        return waiting.size();
    }

    private static boolean isLeaf(byte[] leaf) {
        try {
            LeafEncoding.decode(leaf);
            return true;
        } catch (IllegalArgumentException notALeaf) {
            return false;
        }
    }

    private static long number(byte[] bytes, int at) {
        return ByteBuffer.wrap(bytes, at, Long.BYTES).getLong();
    }
}
