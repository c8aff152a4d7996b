package openledger.settlement;

import io.smallrye.mutiny.Uni;
import java.time.Duration;
import java.util.Optional;
import openledger.commitment.BatchHeader;
import openledger.settlement.ledger.LedgerCall.Commit;
import org.jboss.logging.Logger;

/**
 * Whether the lane's gate lets it commit, as far as that depends on its stake. It is asked once a commit has reverted, and then before each
 * commit until it has enough, so that no gas is burned to find out. Confined to the sequencer's event loop.
 */
final class StakeGate {
    /** Between two questions. */
    static final Duration CARE = Duration.ofSeconds(5);

    private static final Logger LOG = Logger.getLogger(StakeGate.class);

    private final SequencerSettings settings;
    private final SequencerPorts ports;
    private final LoopConfinement home;
    private Optional<String> lacking = Optional.empty();

    StakeGate(SequencerSettings settings, SequencerPorts ports, LoopConfinement home) {
        this.settings = settings;
        this.ports = ports;
        this.home = home;
    }

    /** Why it refused when it was asked last; empty if it did not. */
    Optional<String> lacking() {
        return lacking;
    }

    /** Whether it would refuse a batch. */
    Uni<Boolean> refuses(BatchHeader header) {
        return home.bring(ports.ledger().stakeShort(new Commit(header, Optional.empty())))
                .map(this::heed);
    }

    private boolean heed(Optional<String> reason) {
        long lane = settings.lane().value();
        if (reason.isPresent() && lacking.isEmpty()) {
            LOG.errorf("the lane has too little at stake to commit, lane=%d reason=%s", lane, reason.get());
        } else if (reason.isEmpty() && lacking.isPresent()) {
            LOG.infof("the lane has enough at stake again, lane=%d", lane);
        }
        lacking = reason;
        return reason.isPresent();
    }
}
