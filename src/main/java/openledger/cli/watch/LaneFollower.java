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
import openledger.audit.court.ChainTime;
import openledger.audit.court.LaneChain;
import openledger.audit.court.LaneChain.Committed;
import openledger.audit.court.LaneChain.RouteTerms;
import openledger.commitment.BatchHeader;
import openledger.commitment.SignedHead;
import openledger.commitment.stake.VaultTerms;
import openledger.settlement.ledger.Ledger.LedgerUnavailable;
import openledger.unit.RouteId;

/**
 * Reads a lane's batches as the chain has them, up to SAFE, gets what was committed from whoever serves it, and puts what is found on the
 * docket. If the chain goes back behind what was read, it begins anew. Blocks. Confined to one thread. Long because it is where all that is
 * searched for meets.
 */
final class LaneFollower {
    /** Blocks of which events are asked for at once, fewer where a node cannot tell so much. */
    private static final long RANGE = 100_000;

    /** Ranges of one round, so that a node that lies about the chain does not hold it for ever. */
    private static final int MOST_RANGES = 100;

    private static final int LOOKED_BACK = 32;
    /** Before the lane goes on without what nobody serves. */
    private static final long GRACE_NANOS = 20_000_000_000L;

    /** What was found is to be proved meanwhile, however long the lane is, or whoever serves it takes. */
    private static final long LONGEST_ROUND_NANOS = 30_000_000_000L;

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
    private MissedBatches missed;
    private PromiseDesk promises;
    private RouteBook routes;
    private final Deque<Committed> waiting = new ArrayDeque<>();
    private final Deque<Committed> recent = new ArrayDeque<>();
    private long nextBlock;
    /** Where the last round began to read. */
    private long before;

    private long range = RANGE;
    /** Number of the batch that is known last. */
    private long fetched;

    private long newest;
    private long readSince;
    private long stuckSince;
    private long headsKeptAt = System.nanoTime();
    private boolean areHeadsNew;
    private String trouble = "";

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
        this.missed = newMissed();
        this.promises = newDesk();
        this.routes = new RouteBook(settings.lane(), chain);
        this.nextBlock = settings.firstBlock();
        this.before = nextBlock;
    }

    private MisrouteFinder newFinder() {
        return new MisrouteFinder(settings.lane(), terms, shelf);
    }

    private PromiseDesk newDesk() {
        return new PromiseDesk(settings.lane(), new PromiseFolder(settings.promises()), shelf);
    }

    private MissedBatches newMissed() {
        return new MissedBatches(settings, terms, sources, shelf, state, report);
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

    /** Reads on as far as it goes now, for half a minute at most. */
    void round(ChainTime time) throws IOException, InterruptedException {
        if (isTakenBack(time)) {
            beginAnew();
        }
        long began = System.nanoTime();
        boolean goesOn = true;
        while (goesOn
                && System.nanoTime() - began < LONGEST_ROUND_NANOS
                && !Thread.currentThread().isInterrupted()
                && (!waiting.isEmpty() || fetch(time))) {
            goesOn = take(waiting.getFirst(), time);
            if (goesOn) {
                waiting.removeFirst();
            }
        }
        add(missed.retry(time, newest, promises, routes));
        add(promises.round(time, newest, readSince, waiting.isEmpty() && nextBlock > time.safe()));
        add(missed.due(time));
    }

    /** Whether what was read is still there; what is above SAFE is not looked at, since it was never read. */
    private boolean isTakenBack(ChainTime time) {
        if (recent.isEmpty()) {
            return false;
        }
        if (recent.getLast().block() > time.latest()) {
            return true;
        }
        // What is FINALIZED is not taken back, and of a lane that commits seldom it is far away.
        while (recent.size() > 1 && recent.getFirst().block() <= time.finalized()) {
            recent.removeFirst();
        }
        List<Committed> now = Patience.await(chain.batches(
                settings.lane(), recent.getFirst().block(), recent.getLast().block()));
        return !now.containsAll(recent);
    }

    private void beginAnew() {
        report.note("reorganised", "The chain went back behind what was read; the lane is read anew.");
        docket = new Docket();
        finder = newFinder();
        missed = newMissed();
        promises = newDesk();
        routes = new RouteBook(settings.lane(), chain);
        waiting.clear();
        recent.clear();
        nextBlock = settings.firstBlock();
        before = nextBlock;
        fetched = 0;
        newest = 0;
        readSince = 0;
    }

    /** Where a node hides a batch, or lies about how far the chain is, the lane is read again from the last one that is known. */
    private boolean fetch(ChainTime time) {
        if (nextBlock > time.safe() + 1) {
            nextBlock = Math.min(before, time.safe() + 1);
        }
        before = nextBlock;
        for (int ranges = 0; waiting.isEmpty() && nextBlock <= time.safe() && ranges < MOST_RANGES; ranges++) {
            long to = Math.min(time.safe(), nextBlock + range - 1);
            try {
                take(Patience.await(chain.batches(settings.lane(), nextBlock, to)));
            } catch (LedgerUnavailable tooMuch) {
                range = Math.max(1, (to - nextBlock + 1) / 2);
                throw tooMuch;
            }
            range = Math.min(RANGE, 2 * range);
            nextBlock = to + 1;
        }
        return !waiting.isEmpty();
    }

    private void take(List<Committed> found) {
        for (Committed one : found) {
            long sequence = one.header().sequence();
            if (fetched != 0 && sequence > fetched + 1) {
                nextBlock = recent.isEmpty()
                        ? settings.firstBlock()
                        : recent.getLast().block();
                throw new LedgerUnavailable("a node left out batch " + (fetched + 1));
            }
            if (sequence > fetched) {
                waiting.addLast(one);
                fetched = sequence;
            }
        }
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
            missed.served(header.sequence(), time);
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
        missed.records(committed, time);
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
        missed.leaves(committed, answer, time);
        if (answer == BatchSources.Answer.CLOSED) {
            trouble = sources.closed("their data");
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
            charges.addAll(heads.shown(head, committed));
        }
        areHeadsNew |= heads.all().size() > kept;
        if (areHeadsNew && System.nanoTime() - headsKeptAt > RETRY_NANOS) {
            headsKeptAt = System.nanoTime();
            areHeadsNew = false;
            state.keep(heads);
        }
        return charges;
    }

    private void add(List<Charge> charges) {
        for (Charge charge : charges) {
            if (docket.add(charge)) {
                report.found(charge);
            }
        }
    }
}
