package openledger.audit.charge;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import openledger.audit.court.LaneChain;
import openledger.commitment.HeaderFaults;
import openledger.commitment.SignedHead;
import openledger.commitment.stake.VaultCall;
import openledger.commitment.stake.VaultFault;
import openledger.unit.LaneId;

/**
 * Heads that a lane was seen to sign, whoever showed them: two of one batch are one too many, whatever the chain has by now. Keeps the
 * newest. Confined to one thread.
 */
public final class HeadWatch {
    /** Batches whose heads are kept. */
    public static final int MOST = 2_000;

    private final LaneId lane;
    /** Of one batch: anybody can sign something, and only the vault knows whose key is the lane's, so one must not hide another. */
    private static final int MOST_OF_ONE = 4;

    private final Map<Long, List<SignedHead>> kept = new LinkedHashMap<>();

    public HeadWatch(LaneId lane) {
        this.lane = lane;
    }

    /**
     * A head that somebody shows. Takes some milliseconds if it is new, since its signature is checked.
     *
     * @param committed the batch that the chain has under its number
     * @return what it proves beside heads that were shown before
     */
    public List<Charge> shown(SignedHead head, LaneChain.Committed committed) {
        long sequence = head.head().sequence();
        boolean isOfTheBatch = head.head().lane() == lane.value()
                && head.chainId() == committed.header().chainId()
                && head.registry().equals(committed.header().registry())
                && sequence == committed.header().sequence();
        List<SignedHead> before = List.copyOf(kept.getOrDefault(sequence, List.of()));
        if (!isOfTheBatch || before.size() == MOST_OF_ONE || before.stream().anyMatch(one -> isSame(one, head))) {
            return List.of();
        }
        if (head.recovered().filter(head.signer()::equals).isEmpty()) {
            return List.of();
        }
        keep(head);
        return before.stream()
                .flatMap(one -> HeaderFaults.equivocated(one, head, key -> true)
                        .map(breach -> MisrouteFinder.about(
                                VaultFault.EQUIVOCATED,
                                committed,
                                breach.why(),
                                new VaultCall.ProveEquivocation(
                                        committed.header().head(), committed.committedAt(), one, head)))
                        .stream())
                .toList();
    }

    private static boolean isSame(SignedHead one, SignedHead other) {
        return one.head().equals(other.head()) && one.signer().equals(other.signer());
    }

    /** A head that was kept from before; its signature was checked then. */
    public void keep(SignedHead head) {
        if (head.head().lane() == lane.value()) {
            List<SignedHead> those = kept.computeIfAbsent(head.head().sequence(), sequence -> new ArrayList<>());
            if (those.size() < MOST_OF_ONE && those.stream().noneMatch(one -> isSame(one, head))) {
                those.add(head);
            }
            if (kept.size() > MOST) {
                kept.remove(kept.keySet().iterator().next());
            }
        }
    }

    /** All that are kept, oldest first. */
    public List<SignedHead> all() {
        return kept.values().stream().flatMap(List::stream).toList();
    }
}
