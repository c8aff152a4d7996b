package openledger.chaos.stake;

import static openledger.chain.LocalChain.await;

import io.smallrye.mutiny.TimeoutException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Queue;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import openledger.archive.PublicDownload;
import openledger.audit.charge.BatchContent;
import openledger.audit.court.Filing;
import openledger.audit.court.LaneChain;
import openledger.audit.court.LaneChain.Committed;
import openledger.audit.court.Trial;
import openledger.chain.vault.Web3jCourt;
import openledger.commitment.BatchHeader;
import openledger.commitment.leaf.LeafEncoding;
import openledger.commitment.leaf.LeafField;
import openledger.commitment.leaf.LeafKind;
import openledger.commitment.stake.BatchPaths;
import openledger.commitment.stake.VaultCall;
import openledger.settlement.ledger.Ledger.LedgerUnavailable;
import openledger.unit.Hash32;
import openledger.unit.LaneId;
import openledger.unit.RequestKey;
import openledger.unit.Wei;

/**
 * Opens every kind of game about every batch of a lane that owes it nothing, and one about each promise that it is given. It reads what
 * everybody may read, and has an account of its own. It works on a thread of its own until it is closed; what it has done may be asked from
 * any other. Long because each game is asked for in its own way.
 */
final class HostileChallenger implements AutoCloseable {
    /** What a contract says that only comes too early. */
    private static final Set<String> NOT_YET = Set.of("TooEarly", "NotDueYet");

    private static final int LARGEST_LEAVES = BatchHeader.MOST_LEAVES * LeafEncoding.BYTES;
    private static final int LARGEST_TREES = Long.SIZE * Hash32.BYTES;
    private static final int NO_SNAPSHOT = -1;
    private static final long PAUSE_MILLIS = 200;

    private final Web3jCourt court;
    private final LaneChain chain;
    private final PublicDownload router;
    private final LaneId lane;
    private final Random random = new Random(20);
    private final Queue<Committed> waiting = new ArrayDeque<>();
    private final Queue<VaultCall.Opening> wanted = new ConcurrentLinkedQueue<>();
    private final List<BatchContent> read = new CopyOnWriteArrayList<>();
    private final Set<Long> ended = ConcurrentHashMap.newKeySet();
    private final Map<String, Integer> opened = new ConcurrentHashMap<>();
    private final Map<String, Integer> refused = new ConcurrentHashMap<>();
    private final Thread thread;
    private volatile boolean isStopping;
    /** Looks in a row in which there was nothing to open; the first of them may have begun before it was asked. */
    private final AtomicInteger idle = new AtomicInteger();

    private long nextBlock;

    /** Begins at once. */
    HostileChallenger(Web3jCourt court, LaneChain chain, PublicDownload router, LaneId lane) {
        this.court = court;
        this.chain = chain;
        this.router = router;
        this.lane = lane;
        this.thread = Thread.ofPlatform().name("challenger").daemon().start(this::work);
    }

    /** Asks for what was promised, as soon as a vault lets it. */
    void open(VaultCall.Opening opening) {
        lookAgain();
        wanted.add(opening);
    }

    /** Numbers of requests whose outcome is in the log. */
    Set<Long> ended() {
        return Set.copyOf(ended);
    }

    /** How many games of each kind it has opened. */
    Map<String, Integer> opened() {
        return new TreeMap<>(opened);
    }

    /** How often which error kept it from opening one. */
    Map<String, Integer> refused() {
        return new TreeMap<>(refused);
    }

    /** Number of the batch that it has read last. */
    long newest() {
        return read.isEmpty() ? 0 : read.getLast().committed().header().sequence();
    }

    /** Has it look at all that it wants, now that more can be opened. */
    void lookAgain() {
        idle.set(0);
    }

    /** Whether there was nothing to open, or to read, in its last look. */
    boolean isIdle() {
        return idle.get() >= 2;
    }

    /** Wants so many games more about leaves and records of batches that it has read. */
    void ask(int count) {
        for (int i = 0; i < count; i++) {
            Committed batch = read.get(read.size() - 1 - random.nextInt(Math.min(read.size(), 10)))
                    .committed();
            long index = anyOf(batch.header());
            open(
                    i % 2 == 0
                            ? new VaultCall.OpenWithheld(batch.header(), batch.committedAt(), index)
                            : new VaultCall.OpenRecordWithheld(batch.header(), batch.committedAt(), index));
        }
    }

    private void work() {
        while (!isStopping) {
            try {
                try {
                    read();
                    file();
                } catch (LedgerUnavailable | TimeoutException down) {
                    // The node stands still, and will go on.
                }
                Thread.sleep(PAUSE_MILLIS);
            } catch (InterruptedException e) {
                return;
            }
        }
    }

    private void read() throws InterruptedException {
        long latest = await(court.time()).latest();
        waiting.addAll(await(chain.batches(lane, nextBlock, latest)));
        nextBlock = latest + 1;
        while (!waiting.isEmpty()) {
            Optional<BatchContent> content = content(waiting.element());
            if (content.isEmpty()) {
                return;
            }
            waiting.remove();
            take(content.get());
        }
    }

    private Optional<BatchContent> content(Committed committed) throws InterruptedException {
        String at = "/v1/batches/" + committed.header().sequence() + "/data?lane=" + lane.value();
        try {
            byte[] trees = router.get(at + "&part=trees", LARGEST_TREES);
            List<Hash32> before = new ArrayList<>();
            for (int from = 0; from < trees.length; from += Hash32.BYTES) {
                before.add(Hash32.of(Arrays.copyOfRange(trees, from, from + Hash32.BYTES)));
            }
            return BatchContent.of(committed, before, router.get(at, LARGEST_LEAVES));
        } catch (IOException down) {
            return Optional.empty();
        }
    }

    private void take(BatchContent content) {
        BatchHeader header = content.committed().header();
        long committedAt = content.committed().committedAt();
        open(new VaultCall.OpenWithheld(header, committedAt, anyOf(header)));
        open(new VaultCall.OpenRecordWithheld(header, committedAt, anyOf(header)));
        BatchHeader earlier =
                read.isEmpty() ? header : read.getLast().committed().header();
        long before = read.isEmpty() ? 0 : earlier.completeThrough();
        if (header.completeThrough() > before) {
            long counter = before + 1 + random.nextLong(header.completeThrough() - before);
            open(new VaultCall.OpenCounterMissing(earlier, header, committedAt, counter));
        }
        partners(content);
        read.add(content);
    }

    /** Asks for the outcome of a plan, and for the plan of an outcome. */
    private void partners(BatchContent content) {
        BatchPaths paths = content.paths();
        boolean hasPlan = false;
        boolean hasOutcome = false;
        for (int place = 0; place < content.committed().header().count(); place++) {
            int at = place * LeafEncoding.BYTES;
            RequestKey key = RequestKey.read(content.bytes(), at);
            if (LeafKind.of(content.bytes(), place) == LeafKind.PLAN) {
                if (!hasPlan) {
                    open(new VaultCall.OpenOutcomeMissing(paths.shown(place), key.counter()));
                }
                hasPlan = true;
            } else {
                ended.add(key.counter());
                boolean names =
                        ByteBuffer.wrap(content.bytes()).getInt(at + LeafField.SNAPSHOT.offset()) != NO_SNAPSHOT;
                if (names && !hasOutcome) {
                    open(new VaultCall.OpenPlanMissing(paths.shown(place), key.word()));
                }
                hasOutcome |= names;
            }
        }
    }

    private long anyOf(BatchHeader header) {
        return header.firstIndex() + random.nextInt(header.count());
    }

    private void file() {
        Wei bond = await(court.bond());
        boolean nothing = waiting.isEmpty();
        for (Iterator<VaultCall.Opening> each = wanted.iterator(); each.hasNext() && !isStopping; ) {
            VaultCall.Opening opening = each.next();
            switch (await(court.attempt(opening, bond))) {
                case Trial.Refused(var error, var reason) when NOT_YET.contains(error) -> {}
                case Trial.Refused(var error, var reason) -> {
                    refused.merge(error, 1, Integer::sum);
                    each.remove();
                }
                case Trial.Holds holds -> {
                    nothing = false;
                    if (await(court.file(opening, bond)) instanceof Filing.Done) {
                        opened.merge(opening.getClass().getSimpleName(), 1, Integer::sum);
                        each.remove();
                    }
                }
            }
        }
        if (nothing) {
            idle.incrementAndGet();
        } else {
            lookAgain();
        }
    }

    /** Opens nothing more. */
    @Override
    public void close() {
        isStopping = true;
        thread.interrupt();
        router.close();
    }
}
