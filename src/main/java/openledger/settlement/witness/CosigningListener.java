package openledger.settlement.witness;

import java.util.List;

/** Port: receives what comes of asking witnesses, on the sequencer's event loop; must not block. */
public interface CosigningListener {
    /** Ignores everything. */
    CosigningListener NONE = new CosigningListener() {};

    /** Both, in this order. */
    static CosigningListener of(CosigningListener... all) {
        List<CosigningListener> listeners = List.of(all);
        return new CosigningListener() {
            @Override
            public void answered(String witness, WitnessOutcome outcome) {
                listeners.forEach(each -> each.answered(witness, outcome));
            }

            @Override
            public void witnessed(long size) {
                listeners.forEach(each -> each.witnessed(size));
            }
        };
    }

    /** A witness was asked, by its name, and this came of it. */
    default void answered(String witness, WitnessOutcome outcome) {}

    /** The log of that size has a quorum of cosignatures, stored; also once the lane is ours, of what was stored before. */
    default void witnessed(long size) {}
}
