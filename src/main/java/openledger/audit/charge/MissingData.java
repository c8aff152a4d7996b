package openledger.audit.charge;

import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableSet;
import java.util.TreeSet;
import java.util.stream.Stream;
import openledger.audit.court.LaneChain;
import openledger.commitment.BatchHeader;
import openledger.commitment.evm.Keccak256;
import openledger.commitment.stake.VaultCall;
import openledger.commitment.stake.VaultFault;
import openledger.unit.Hash32;

/**
 * Batches whose leaves, or records, nobody serves. After some time one place of the batch is asked for on chain, at random, so that who hides
 * it does not know which, and another each day. The places follow from a secret, so they are the same after a crash. Confined to one thread.
 */
public final class MissingData {
    private static final long DAY = 86_400;
    private static final int MOST = 10_000;

    private final VaultFault fault;
    private final byte[] secret;
    private final long patience;
    private final Map<Long, Missing> missing = new LinkedHashMap<>();
    private long tried;

    private record Missing(LaneChain.Committed committed, long since) {}

    /**
     * Of leaves ({@link VaultFault#WITHHELD}) or records ({@link VaultFault#RECORD_WITHHELD}).
     *
     * @param secret that only this auditor knows
     * @param patience for which data may be late
     */
    public MissingData(VaultFault fault, byte[] secret, Duration patience) {
        this.fault = fault;
        this.secret = secret.clone();
        this.patience = patience.toSeconds();
    }

    /**
     * Nobody served what was committed.
     *
     * @param now by the chain, Unix s
     */
    public void missing(LaneChain.Committed committed, long now) {
        if (missing.size() < MOST) {
            missing.putIfAbsent(committed.header().sequence(), new Missing(committed, now));
        }
    }

    /** Somebody has served it. */
    public void served(long sequence) {
        missing.remove(sequence);
    }

    /** Lets go what nobody can be charged with any more: {@code window} after its block. */
    public void expire(long now, Duration window) {
        missing.values().removeIf(one -> one.committed.committedAt() + window.toSeconds() < now);
    }

    /** Some of the batches that are missing, beginning behind the one that was tried last: none that comes late is hidden behind those that never come. */
    public List<Long> turn(int most) {
        NavigableSet<Long> all = new TreeSet<>(missing.keySet());
        return Stream.concat(all.tailSet(tried, false).stream(), all.headSet(tried, true).stream())
                .limit(most)
                .toList();
    }

    /** It was asked for once more. */
    public void tried(long sequence) {
        tried = sequence;
    }

    /** The batch as the chain has it. */
    public LaneChain.Committed committed(long sequence) {
        Missing one = missing.get(sequence);
        if (one == null) {
            throw new IllegalArgumentException("batch " + sequence + " is not missing");
        }
        return one.committed;
    }

    /**
     * What is to be asked for by now: for each batch one place a day; again and again the same for who asks again and again.
     *
     * @param now by the chain, Unix s
     */
    public List<Charge> due(long now) {
        List<Charge> charges = new ArrayList<>();
        for (Missing one : missing.values()) {
            if (now - one.since >= patience) {
                charges.add(charge(one.committed, (now - one.committed.committedAt()) / DAY));
            }
        }
        return charges;
    }

    private Charge charge(LaneChain.Committed committed, long day) {
        BatchHeader header = committed.header();
        long index =
                header.firstIndex() + Long.remainderUnsigned(luck(header, day).prefix(), header.count());
        boolean ofLeaves = fault == VaultFault.WITHHELD;
        return MisrouteFinder.about(
                fault,
                committed,
                ofLeaves ? "Nobody serves its leaves." : "Nobody serves its records.",
                ofLeaves
                        ? new VaultCall.OpenWithheld(header, committed.committedAt(), index)
                        : new VaultCall.OpenRecordWithheld(header, committed.committedAt(), index));
    }

    private Hash32 luck(BatchHeader header, long day) {
        byte[] numbers = ByteBuffer.allocate(2 * Long.BYTES)
                .putLong(day)
                .putLong(fault.code())
                .array();
        return new Keccak256()
                .add(secret)
                .add(header.head().bytes())
                .add(numbers)
                .finish();
    }
}
