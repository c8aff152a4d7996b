package openledger.cli.watch;

import java.net.URI;
import java.util.List;
import java.util.stream.Collectors;
import openledger.audit.court.Court;
import openledger.audit.court.LaneGuard;
import openledger.settlement.ledger.Ledger.LedgerUnavailable;

/** What has to be there for a lane to be watched, beside the chain: its gate, and somebody who serves its data. Blocks. Confined to one thread. */
final class Surroundings {
    /** Between two looks while nothing is wrong. */
    private static final long LONG_NANOS = 60_000_000_000L;
    /** While something is. */
    private static final long SHORT_NANOS = 10_000_000_000L;

    private final WatchSettings settings;
    private final Court court;
    private final BatchSources sources;
    private String trouble = "";
    private long lookedAt = System.nanoTime() - LONG_NANOS;

    Surroundings(WatchSettings settings, Court court, BatchSources sources) {
        this.settings = settings;
        this.court = court;
        this.sources = sources;
    }

    /**
     * Why the lane cannot be watched whole, in a sentence for people that says what helps; empty if it can. It is looked at now and then, and
     * at once if a router that was silent has said something.
     *
     * @throws LedgerUnavailable if no node answers
     */
    String trouble() throws InterruptedException {
        boolean isWrong = !trouble.isEmpty();
        boolean isDue = System.nanoTime() - lookedAt >= (isWrong ? SHORT_NANOS : LONG_NANOS);
        if (isDue || (isWrong && sources.hasSpoken())) {
            trouble = look();
            lookedAt = System.nanoTime();
        }
        return trouble;
    }

    private String look() throws InterruptedException {
        LaneGuard guard = Patience.await(court.stake(settings.lane())).guard();
        if (!guard.isThisVault()) {
            return WatchPlace.objection(guard, settings.lane());
        }
        List<URI> silent = sources.silent();
        return silent.isEmpty()
                ? ""
                : "No router can be reached, so no batch is read: "
                        + silent.stream().map(Surroundings::shown).collect(Collectors.joining(", "))
                        + ". Name one that serves the lane.";
    }

    private static String shown(URI router) {
        return router.getScheme() + "://" + router.getRawAuthority();
    }
}
