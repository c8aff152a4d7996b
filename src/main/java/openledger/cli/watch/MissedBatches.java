package openledger.cli.watch;

import java.io.IOException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import openledger.audit.charge.BatchContent;
import openledger.audit.charge.Charge;
import openledger.audit.charge.MisrouteFinder;
import openledger.audit.charge.MissingData;
import openledger.audit.court.ChainTime;
import openledger.audit.court.LaneChain.Committed;
import openledger.audit.court.LaneChain.RouteTerms;
import openledger.commitment.stake.VaultFault;
import openledger.commitment.stake.VaultTerms;
import openledger.unit.RouteId;

/**
 * Batches that nobody served when their turn came: they are asked for again, charged after a while, and what comes late is judged with what
 * stands around it. Blocks. Confined to one thread.
 */
final class MissedBatches {
    /** Of those that are not served this time either, in one round; of those that are, more. */
    private static final int RETRIES = 4;

    private static final int MOST = 100;
    private static final long RETRY_NANOS = 30_000_000_000L;
    /** Batches before and after one that was late. */
    private static final int AROUND = 100;

    private final WatchSettings settings;
    private final VaultTerms terms;
    private final BatchSources sources;
    private final BatchFolder shelf;
    private final WatchReport report;
    private final Missed leaves;
    private final Missed records;
    private long retriedAt = System.nanoTime();
    private boolean areRecordsClosed;

    MissedBatches(
            WatchSettings settings,
            VaultTerms terms,
            BatchSources sources,
            BatchFolder shelf,
            WatchState state,
            WatchReport report) {
        this.settings = settings;
        this.terms = terms;
        this.sources = sources;
        this.shelf = shelf;
        this.report = report;
        this.leaves = new Missed(VaultFault.WITHHELD, settings, state);
        this.records = new Missed(VaultFault.RECORD_WITHHELD, settings, state);
    }

    /**
     * What nobody serves, and what is served to others: whoever shows us nothing at all may show it to those who have a key, but whoever
     * refused us a batch, and shows us another later, withholds that one.
     */
    private static final class Missed {
        private final MissingData missing;
        private final MissingData refused;

        Missed(VaultFault fault, WatchSettings settings, WatchState state) {
            this.missing = new MissingData(fault, state.secret(), settings.patience());
            this.refused = new MissingData(fault, state.secret(), settings.patience());
        }

        void missed(Committed committed, BatchSources.Answer answer, ChainTime time) {
            (answer == BatchSources.Answer.CLOSED ? refused : missing).missing(committed, time.seconds());
        }

        void served(long sequence, ChainTime time) {
            missing.served(sequence);
            refused.served(sequence);
            for (long other : refused.turn(Integer.MAX_VALUE)) {
                missing.missing(refused.committed(other), time.seconds());
                refused.served(other);
            }
        }
    }

    /** Nobody served the leaves of a batch. */
    void leaves(Committed committed, BatchSources.Answer answer, ChainTime time) {
        leaves.missed(committed, answer, time);
        if (answer != BatchSources.Answer.CLOSED) {
            report.note(
                    "missing",
                    "Nobody serves the leaves of batch " + committed.header().sequence() + ".");
        }
    }

    /** Somebody served the leaves of a batch. */
    void served(long sequence, ChainTime time) {
        leaves.served(sequence, time);
    }

    /** Asks for the records of a batch; true if somebody serves them. */
    boolean records(Committed committed, ChainTime time) throws InterruptedException {
        BatchSources.Answer answer = sources.records(committed.header());
        if (answer == BatchSources.Answer.SERVED) {
            records.served(committed.header().sequence(), time);
        } else {
            records.missed(committed, answer, time);
        }
        if (answer == BatchSources.Answer.CLOSED && !areRecordsClosed) {
            areRecordsClosed = true;
            report.note("closed", sources.closed("records"));
        }
        return answer == BatchSources.Answer.SERVED;
    }

    /** What is to be asked for on chain by now. */
    List<Charge> due(ChainTime time) {
        List<Charge> charges = new ArrayList<>(leaves.missing.due(time.seconds()));
        charges.addAll(records.missing.due(time.seconds()));
        return charges;
    }

    /**
     * What nobody served may be served by now.
     *
     * @param newest the batch that was read last
     * @return what it proves
     */
    List<Charge> retry(ChainTime time, long newest, PromiseDesk promises, RouteBook routes)
            throws IOException, InterruptedException {
        List<Charge> charges = new ArrayList<>();
        if (System.nanoTime() - retriedAt < RETRY_NANOS) {
            return charges;
        }
        retriedAt = System.nanoTime();
        for (MissingData of : List.of(leaves.missing, leaves.refused)) {
            of.expire(time.seconds(), terms.window());
            List<Long> came = came(of);
            for (long sequence : came) {
                charges.addAll(promises.read(shelf.batch(sequence).orElseThrow()));
            }
            charges.addAll(judged(came, newest, routes));
            came.forEach(sequence -> served(sequence, time));
        }
        for (MissingData of : List.of(records.missing, records.refused)) {
            of.expire(time.seconds(), terms.window());
            for (long sequence : of.turn(RETRIES)) {
                of.tried(sequence);
                if (records(of.committed(sequence), time)) {
                    break;
                }
            }
        }
        return charges;
    }

    /** Those that are served by now; they are on the shelf then. */
    private List<Long> came(MissingData of) throws IOException, InterruptedException {
        List<Long> came = new ArrayList<>();
        int failed = 0;
        for (long sequence : of.turn(MOST)) {
            if (failed == RETRIES) {
                break;
            }
            of.tried(sequence);
            Optional<BatchContent> content =
                    sources.leaves(of.committed(sequence)).content();
            if (content.isPresent()) {
                shelf.put(content.get());
                came.add(sequence);
            } else {
                failed++;
            }
        }
        came.sort(Comparator.naturalOrder());
        return came;
    }

    /** Who serves a batch late must not keep it from those around it: they are read once more together, as far as they are there. */
    private List<Charge> judged(List<Long> came, long newest, RouteBook routes) {
        List<Charge> charges = new ArrayList<>();
        for (int i = 0; i < came.size(); i++) {
            long first = came.get(i);
            long last = first;
            while (i + 1 < came.size() && came.get(i + 1) - last <= AROUND) {
                last = came.get(++i);
            }
            charges.addAll(judged(first, Math.min(newest, last + AROUND), routes));
        }
        return charges;
    }

    private List<Charge> judged(long late, long last, RouteBook routes) {
        long first = late;
        while (late - first < AROUND && shelf.batch(first - 1).isPresent()) {
            first--;
        }
        List<Charge> charges = new ArrayList<>();
        MisrouteFinder again = new MisrouteFinder(settings.lane(), terms, shelf);
        for (long at = first; at <= last; at++) {
            Optional<BatchContent> batch = shelf.batch(at);
            if (batch.isPresent()) {
                Map<RouteId, RouteTerms> published = routes.of(batch.get());
                charges.addAll(again.take(batch.get(), id -> Optional.ofNullable(published.get(id))));
            } else {
                again = new MisrouteFinder(settings.lane(), terms, shelf);
            }
        }
        return charges;
    }
}
