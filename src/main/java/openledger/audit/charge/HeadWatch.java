package openledger.audit.charge;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
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
    /** Heads that are kept. */
    public static final int MOST = 2_000;

    private final LaneId lane;
    private final Map<Long, SignedHead> kept = new LinkedHashMap<>();

    public HeadWatch(LaneId lane) {
        this.lane = lane;
    }

    /**
     * A head that somebody shows. Takes some milliseconds if it is new, since its signature is checked.
     *
     * @param committed the batch that the chain has under its number
     * @return what it proves beside a head that was shown before
     */
    public Optional<Charge> shown(SignedHead head, LaneChain.Committed committed) {
        long sequence = head.head().sequence();
        boolean isOfTheBatch = head.head().lane() == lane.value()
                && head.chainId() == committed.header().chainId()
                && head.registry().equals(committed.header().registry())
                && sequence == committed.header().sequence();
        SignedHead before = kept.get(sequence);
        if (!isOfTheBatch || (before != null && before.head().equals(head.head()))) {
            return Optional.empty();
        }
        if (head.recovered().filter(head.signer()::equals).isEmpty()) {
            return Optional.empty();
        }
        if (before == null) {
            keep(head);
            return Optional.empty();
        }
        return HeaderFaults.equivocated(before, head, key -> true)
                .map(breach -> MisrouteFinder.about(
                        VaultFault.EQUIVOCATED,
                        committed,
                        breach.why(),
                        new VaultCall.ProveEquivocation(
                                committed.header().head(), committed.committedAt(), before, head)));
    }

    /** A head that was kept from before; its signature was checked then. */
    public void keep(SignedHead head) {
        if (head.head().lane() == lane.value()) {
            kept.putIfAbsent(head.head().sequence(), head);
            if (kept.size() > MOST) {
                kept.remove(kept.keySet().iterator().next());
            }
        }
    }

    /** All that are kept, oldest first. */
    public List<SignedHead> all() {
        return new ArrayList<>(kept.values());
    }
}
