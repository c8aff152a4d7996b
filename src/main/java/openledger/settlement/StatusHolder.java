package openledger.settlement;

import java.time.Duration;
import java.util.Optional;
import openledger.settlement.SequencerSettings.Backlog;
import openledger.settlement.SequencerStatus.Condition;
import openledger.settlement.SequencerStatus.Warning;
import org.jboss.logging.Logger;

/** Holds the status of settlement for its readers. Written on the sequencer's event loop, read by any thread. */
final class StatusHolder {
    private static final Logger LOG = Logger.getLogger(StatusHolder.class);

    private final SequencerSettings settings;
    private volatile SequencerStatus now = new SequencerStatus(
            Condition.WAITS_FOR_LANE,
            "",
            0,
            0,
            new Backlog(0, Duration.ZERO),
            Warning.NONE,
            Optional.empty(),
            Optional.empty());

    StatusHolder(SequencerSettings settings) {
        this.settings = settings;
    }

    SequencerStatus now() {
        return now;
    }

    /** The lane is ours. */
    void say(LaneSession ours) {
        Condition condition = ours.unreachable().isPresent()
                ? Condition.NO_CHAIN
                : ours.halted().isPresent()
                        ? Condition.HALTED
                        : ours.lacking().isPresent() ? Condition.SHORT : Condition.WORKS;
        now = new SequencerStatus(
                condition,
                ours.unreachable()
                        .or(ours::halted)
                        .or(ours::lacking)
                        .or(ours::trouble)
                        .orElse(""),
                ours.cutSequence(),
                ours.onChain(),
                now.backlog(),
                now.warning(),
                ours.confirmed().or(now::confirmed),
                ours.newest());
    }

    /** It is not, or not at the moment. */
    void say(Condition condition, String reason) {
        now = new SequencerStatus(
                condition,
                reason,
                now.cut(),
                now.onChain(),
                now.backlog(),
                now.warning(),
                now.confirmed(),
                now.newestBlock());
    }

    /** Warns once when the backlog has grown beyond its bound, and once when it is below again. */
    void measured(Backlog backlog) {
        Backlog bound = settings.warning();
        boolean much = backlog.leaves() > bound.leaves() || backlog.age().compareTo(bound.age()) > 0;
        Warning warning = much ? Warning.BACKLOG : Warning.NONE;
        if (warning != now.warning()) {
            LOG.warnf(
                    "backlog to the chain, lane=%d leaves=%d age=%s warning=%s",
                    settings.lane().value(), backlog.leaves(), backlog.age(), warning);
        }
        now = new SequencerStatus(
                now.condition(),
                now.reason(),
                now.cut(),
                now.onChain(),
                backlog,
                warning,
                now.confirmed(),
                now.newestBlock());
    }
}
