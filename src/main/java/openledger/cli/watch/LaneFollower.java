package openledger.cli.watch;

import java.io.IOException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import openledger.audit.charge.BatchContent;
import openledger.audit.charge.Charge;
import openledger.audit.charge.Docket;
import openledger.audit.charge.ForkSearch;
import openledger.audit.charge.HeadWatch;
import openledger.audit.charge.MisrouteFinder;
import openledger.audit.charge.MissingData;
import openledger.audit.court.ChainTime;
import openledger.audit.court.LaneChain;
import openledger.audit.court.LaneChain.Committed;
import openledger.audit.court.LaneChain.RouteTerms;
import openledger.commitment.BatchHeader;
import openledger.commitment.SignedHead;
import openledger.commitment.stake.VaultFault;
import openledger.commitment.stake.VaultTerms;
import openledger.unit.RouteId;

/**
 * Reads a lane's batches as the chain has them, up to SAFE, gets what was committed from whoever serves it, and puts what is found on the
 * docket. If the chain goes back behind what was read, it begins anew. Blocks. Confined to one thread. Long because it is where all that is
 * searched for meets.
 */
final class LaneFollower {
    /** Blocks of which events are asked for at once. */
    private static final long RANGE = 100_000;

    private static final int LOOKED_BACK = 32;
    /** Before the lane goes on without what nobody serves. */
    private static final long GRACE_NANOS = 20_000_000_000L;

    private static final int RETRIES = 4;
    private static final long RETRY_NANOS = 30_000_000_000L;

    private final WatchSettings settings;
    private final LaneChain chain;
    private final VaultTerms terms;
    private final BatchSources sources;
    private final BatchFolder shelf;
    private final WatchState state;
    private final WatchReport report;
    private final BatchSample sample;
    private final HeadWatch heads;
    private Docket docket = new Docket();
    private MisrouteFinder finder;
    private MissingData leaves;
    private MissingData records;
    private PromiseDesk promises;
    private RouteBook routes;
    private final Deque<Committed> waiting = new ArrayDeque<>();
    private final Deque<Committed> recent = new ArrayDeque<>();
    private long nextBlock;
    private long newest;
    private long readSince;
    private long stuckSince;
    private long retriedAt = System.nanoTime();
    private long headsKeptAt = System.nanoTime();
    private boolean areHeadsNew;
    private String trouble = "";
    private boolean areRecordsClosed;

    LaneFollower(
            WatchSettings settings,
            LaneChain chain,
            VaultTerms terms,
            BatchSources sources,
            BatchFolder shelf,
            WatchState state,
            WatchReport report) {
        this.settings = settings;
        this.chain = chain;
        this.terms = terms;
        this.sources = sources;
        this.shelf = shelf;
        this.state = state;
        this.report = report;
        this.sample = new BatchSample(state.secret(), settings.sample());
        this.heads = new HeadWatch(settings.lane());
        state.heads().forEach(heads::keep);
        this.finder = newFinder();
        this.leaves = missing(VaultFault.WITHHELD);
        this.records = missing(VaultFault.RECORD_WITHHELD);
        this.promises = newDesk();
        this.routes = new RouteBook(settings.lane(), chain);
        this.nextBlock = settings.firstBlock();
    }

    private MisrouteFinder newFinder() {
        return new MisrouteFinder(settings.lane(), terms, shelf);
    }

    private PromiseDesk newDesk() {
        return new PromiseDesk(settings.lane(), new PromiseFolder(settings.promises()), shelf);
    }

    private MissingData missing(VaultFault fault) {
        return new MissingData(fault, state.secret(), settings.patience());
    }

    /** What the lane is charged with. */
    Docket docket() {
        return docket;
    }

    /** Number of the batch that was read last. */
    long newest() {
        return newest;
    }

    /** Why not all of it can be read; empty if it can. */
    String trouble() {
        return trouble;
    }

    /** Batches that are known and not read. */
    long behind() {
        return waiting.size();
    }

    /** Reads on as far as it goes now. */
    void round(ChainTime time) throws IOException, InterruptedException {
        if (isTakenBack(time)) {
            beginAnew();
        }
        boolean goesOn = true;
        while (goesOn && !Thread.currentThread().isInterrupted()) {
            if (waiting.isEmpty() && !fetch(time)) {
                break;
            }
            while (goesOn && !waiting.isEmpty() && !Thread.currentThread().isInterrupted()) {
                goesOn = take(waiting.getFirst(), time);
                if (goesOn) {
                    waiting.removeFirst();
                }
            }
        }
        retry(time);
        add(promises.round(time, newest, readSince, waiting.isEmpty()));
        add(leaves.due(time.seconds()));
        add(records.due(time.seconds()));
    }

    /** Whether what was read is still there; what is above SAFE is not looked at, since it was never read. */
    private boolean isTakenBack(ChainTime time) {
        if (recent.isEmpty()) {
            return false;
        }
        if (recent.getLast().block() > time.latest()) {
            return true;
        }
        List<Committed> now = Patience.await(chain.batches(
                settings.lane(), recent.getFirst().block(), recent.getLast().block()));
        return !now.containsAll(recent);
    }

    private void beginAnew() {
        report.note("reorganised", "The chain went back behind what was read; the lane is read anew.");
        docket = new Docket();
        finder = newFinder();
        leaves = missing(VaultFault.WITHHELD);
        records = missing(VaultFault.RECORD_WITHHELD);
        promises = newDesk();
        routes = new RouteBook(settings.lane(), chain);
        waiting.clear();
        recent.clear();
        nextBlock = settings.firstBlock();
        newest = 0;
        readSince = 0;
    }

    private boolean fetch(ChainTime time) {
        while (waiting.isEmpty() && nextBlock <= time.safe()) {
            long to = Math.min(time.safe(), nextBlock + RANGE - 1);
            waiting.addAll(Patience.await(chain.batches(settings.lane(), nextBlock, to)));
            nextBlock = to + 1;
        }
        return !waiting.isEmpty();
    }

    /** False if it has to be tried again. */
    private boolean take(Committed committed, ChainTime time) throws IOException, InterruptedException {
        BatchHeader header = committed.header();
        shelf.committed(committed);
        boolean isOld = committed.committedAt() + terms.window().toSeconds() < time.seconds();
        if (isOld || header.sequence() < settings.first() || !sample.takes(header)) {
            finder.pass(committed);
            promises.pass();
            readSince = committed.committedAt() + 1;
            passed(committed);
            return true;
        }
        Optional<BatchContent> content = shelf.batch(header.sequence());
        if (content.isEmpty()) {
            BatchSources.Found found = sources.leaves(committed);
            content = found.content();
            if (content.isEmpty()) {
                return isGivenUp(committed, found.answer(), time);
            }
            shelf.put(content.get());
        }
        stuckSince = 0;
        trouble = "";
        BatchContent batch = content.get();
        // Before the finder takes it: a node that is silent must not leave it half taken.
        Map<RouteId, RouteTerms> published = routes.of(batch);
        List<Charge> charges = new ArrayList<>(finder.take(batch, id -> Optional.ofNullable(published.get(id))));
        charges.addAll(promises.read(batch));
        charges.addAll(forked(batch));
        charges.addAll(heads(committed));
        records(committed, time);
        add(charges);
        report.read();
        passed(committed);
        return true;
    }

    /** What is late by a moment is waited for; then the lane goes on without it. */
    private boolean isGivenUp(Committed committed, BatchSources.Answer answer, ChainTime time)
            throws IOException, InterruptedException {
        if (stuckSince == 0) {
            stuckSince = System.nanoTime();
        }
        if (System.nanoTime() - stuckSince < GRACE_NANOS) {
            return false;
        }
        stuckSince = 0;
        if (answer == BatchSources.Answer.CLOSED) {
            trouble = "the routers serve their data to whoever has a key: --router-key-env";
        } else {
            leaves.missing(committed, time.seconds());
            report.note(
                    "missing",
                    "Nobody serves the leaves of batch " + committed.header().sequence() + ".");
        }
        add(heads(committed));
        finder.pass(committed);
        promises.pass();
        passed(committed);
        return true;
    }

    private void passed(Committed committed) {
        newest = committed.header().sequence();
        recent.addLast(committed);
        if (recent.size() > LOOKED_BACK) {
            recent.removeFirst();
        }
    }

    private List<Charge> forked(BatchContent batch) throws InterruptedException {
        Optional<BatchContent> before = shelf.batch(batch.committed().header().sequence() - 1);
        if (before.isEmpty() || !ForkSearch.isForked(before.get(), batch)) {
            return List.of();
        }
        report.note(
                "forked",
                "The log of batch " + batch.committed().header().sequence()
                        + " does not begin with that of the batch before.");
        List<Charge> charges = new ArrayList<>();
        for (byte[] version : sources.versions(before.get().committed().header())) {
            ForkSearch.between(before.get(), batch, version).ifPresent(charges::add);
        }
        return charges;
    }

    private List<Charge> heads(Committed committed) throws IOException, InterruptedException {
        List<Charge> charges = new ArrayList<>();
        int kept = heads.all().size();
        for (SignedHead head : sources.heads(committed.header().sequence())) {
            heads.shown(head, committed).ifPresent(charges::add);
        }
        areHeadsNew |= heads.all().size() > kept;
        if (areHeadsNew && System.nanoTime() - headsKeptAt > RETRY_NANOS) {
            headsKeptAt = System.nanoTime();
            areHeadsNew = false;
            state.keep(heads);
        }
        return charges;
    }

    private void records(Committed committed, ChainTime time) throws InterruptedException {
        switch (sources.records(committed.header())) {
            case SERVED -> records.served(committed.header().sequence());
            case MISSING -> records.missing(committed, time.seconds());
            case CLOSED -> {
                if (!areRecordsClosed) {
                    areRecordsClosed = true;
                    report.note("closed", "The routers serve records to whoever has a key.");
                }
            }
        }
    }

    /** What nobody served may be served by now. */
    private void retry(ChainTime time) throws IOException, InterruptedException {
        if (System.nanoTime() - retriedAt < RETRY_NANOS) {
            return;
        }
        retriedAt = System.nanoTime();
        for (long sequence : leaves.sequences().stream().limit(RETRIES).toList()) {
            BatchSources.Found found = sources.leaves(leaves.committed(sequence));
            if (found.content().isPresent()) {
                leaves.served(sequence);
                shelf.put(found.content().get());
                Map<RouteId, RouteTerms> published = routes.of(found.content().get());
                add(finder.late(found.content().get(), id -> Optional.ofNullable(published.get(id))));
            }
        }
        for (long sequence : records.sequences().stream().limit(RETRIES).toList()) {
            records(records.committed(sequence), time);
        }
    }

    private void add(List<Charge> charges) {
        for (Charge charge : charges) {
            if (docket.add(charge)) {
                report.found(charge);
            }
        }
    }
}
