package openledger.verifier;

import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;
import openledger.commitment.SignedPromise;
import openledger.commitment.verify.AnswerPromiseCheck;
import openledger.commitment.verify.ReceiptContent;
import openledger.commitment.verify.ReceiptVerification.Finding;
import openledger.commitment.verify.ReceiptVerification.Pins;
import openledger.unit.Address;
import openledger.unit.RequestId;
import openledger.verifier.ReceiptLook.Found;
import openledger.verifier.Unproved.Reason;

/**
 * Checks the promise of each answer, and proves later by its receipt that it was kept. What is wrong is reported; an answer never waits.
 *
 * <pre>{@code
 * PromiseWatch watch = PromiseWatch.start(Settings.of(node, Pins.ofLane(lane)), unproved -> log.warn(unproved.why()));
 * HttpResponse<String> answer = client.send(request, BodyHandlers.ofString());
 * WatchedAnswer.of(request, body, answer).ifPresent(watch::answered);
 * }</pre>
 *
 * <p>Promises are checked on one thread, which waits for a node now and then; receipts are read by a few at once. Credentials are in memory
 * until the promise is proved, and go to the router alone. Thread-safe. Long because it is the whole life of a promise.
 */
public final class PromiseWatch implements AutoCloseable {
    private static final int AT_ONCE = 4;
    /** A check that began with the answer would take the processor by which the answer is handed on. */
    private static final Duration FIRST_THE_ANSWER = Duration.ofMillis(10);
    /** Between two rounds of looks: few are due in each, so that they do not keep all processors at once. */
    private static final Duration BETWEEN_ROUNDS = Duration.ofMillis(100);

    private static final Duration FIRST_LOOK = Duration.ofSeconds(5);
    private static final Duration LONGEST_PAUSE = Duration.ofMinutes(2);
    /** At least that long after one that refutes. */
    private static final Duration SECOND_LOOK = Duration.ofSeconds(10);
    /** After its time: then a router that is slow would hold up all others. */
    private static final Duration LATEST_LOOK = Duration.ofMinutes(2);

    private static final Duration LAST_CHECKS = Duration.ofSeconds(5);
    private static final int DIGEST_BYTES = 32;

    private final Settings settings;
    private final InstantSource clock;
    private final Consumer<Unproved> report;
    private final BoundedHttp http = new BoundedHttp();
    private final LaneSigners signers;
    private final ReceiptLook look;
    private final ExecutorService checks = Executors.newSingleThreadExecutor(
            Thread.ofPlatform().daemon().name("promises").factory());
    private final Map<String, Waiting> table = new ConcurrentHashMap<>();
    /** Those in the table, and those that are still to be checked. */
    private final AtomicInteger pending = new AtomicInteger();

    private final AtomicLong checked = new AtomicLong();
    private final AtomicLong proved = new AtomicLong();
    private final Map<Reason, AtomicLong> unproved = new EnumMap<>(Reason.class);
    private final ReentrantLock round = new ReentrantLock();
    private volatile boolean isOver;

    /**
     * What is trusted, and how much is kept.
     *
     * @param node JSON-RPC address of a node of the chain
     * @param pins what receipts must be of; with a lane the node knows its signing keys
     * @param signer who must have signed, whatever the node has
     * @param most promises that wait for their proof; one more counts as unproved
     */
    public record Settings(URI node, Pins pins, Optional<Address> signer, int most) {
        private static final int MOST = 10_000;

        public static Settings of(URI node, Pins pins) {
            return new Settings(node, pins, Optional.empty(), MOST);
        }
    }

    /** Numbers of answers since the start, and of promises that wait now. */
    public record Counts(long checked, long proved, int pending, Map<Reason, Long> unproved) {}

    /** Which promises a look is for. */
    public enum Look {
        /** Those whose next look is due. */
        DUE,
        ALL
    }

    /** A watch whose looks for proofs are made by {@link #prove} alone. */
    public PromiseWatch(Settings settings, InstantSource clock, Consumer<Unproved> report) {
        this.settings = settings;
        this.clock = clock;
        this.report = report;
        RpcNode node = new RpcNode(settings.node, http);
        EvidenceReader evidence = new EvidenceReader(node);
        this.look = new ReceiptLook(http, ReceiptVerifier.of(evidence::read), settings.pins);
        this.signers = new LaneSigners(node, settings.pins, clock);
        for (Reason reason : Reason.values()) {
            unproved.put(reason, new AtomicLong());
        }
    }

    /**
     * A watch that looks for proofs by itself until it is closed. Its threads do not keep the process alive.
     *
     * @param report is told of each unproved answer, on any thread
     */
    public static PromiseWatch start(Settings settings, Consumer<Unproved> report) {
        return start(settings, InstantSource.system(), report);
    }

    /** The same by a clock of its own. */
    public static PromiseWatch start(Settings settings, InstantSource clock, Consumer<Unproved> report) {
        PromiseWatch watch = new PromiseWatch(settings, clock, report);
        Thread.ofVirtual().name("proofs").start(watch::proveUntilTheEnd);
        return watch;
    }

    private void proveUntilTheEnd() {
        while (!isOver) {
            prove(Look.DUE);
            try {
                Thread.sleep(BETWEEN_ROUNDS);
            } catch (InterruptedException end) {
                return;
            }
        }
    }

    /** Takes note of an answer; never blocks. */
    public void answered(WatchedAnswer answer) {
        checked.incrementAndGet();
        if (answer.isError() && answer.headers().promise().isEmpty()) {
            // An error before there is a record promises nothing.
            return;
        }
        if (pending.incrementAndGet() > settings.most) {
            pending.decrementAndGet();
            unproved(
                    answer,
                    Reason.TABLE_FULL,
                    "As many promises as are kept wait for their proof: " + settings.most + ".");
            return;
        }
        try {
            checks.execute(new Check(this, answer, System.nanoTime() + FIRST_THE_ANSWER.toNanos()));
        } catch (RejectedExecutionException over) {
            stopped(answer);
        }
    }

    private void stopped(WatchedAnswer answer) {
        pending.decrementAndGet();
        unproved(answer, Reason.STOPPED, "The watch ended before it was checked.");
    }

    private void check(WatchedAnswer answer) {
        boolean isKept = false;
        try {
            if (answer.digest().isEmpty() && answer.headers().promise().isPresent()) {
                unproved(answer, Reason.NOT_CHECKED, "The answer came before the whole body was sent.");
            } else {
                isKept = isKept(answer, answer.digest().orElseGet(() -> new byte[DIGEST_BYTES]));
            }
        } catch (RuntimeException bug) {
            unproved(
                    answer,
                    Reason.NOT_CHECKED,
                    "The promise could not be checked: " + bug.getClass().getSimpleName() + ".");
        } finally {
            if (!isKept) {
                pending.decrementAndGet();
            }
        }
    }

    /** Checks a promise; true if it waits for its proof now. One promise can be that of two equal requests. */
    private boolean isKept(WatchedAnswer answer, byte[] digest) {
        Instant now = clock.instant();
        AnswerPromiseCheck check = AnswerPromiseCheck.of(
                answer.headers(),
                digest,
                settings.pins,
                signed -> settings.signer.or(() -> signers.expected(signed)),
                now.getEpochSecond());
        if (check.finding() instanceof Finding.Failed(var why)) {
            unproved(answer, Reason.WRONG_PROMISE, why);
            return false;
        }
        if (check.promise().isEmpty() || check.signer().isEmpty()) {
            boolean isMissing = answer.headers().promise().isEmpty();
            unproved(
                    answer,
                    isMissing ? Reason.NO_PROMISE : Reason.NOT_SIGNED,
                    check.finding() instanceof Finding.Unchecked(var why) ? why : "");
            return false;
        }
        SignedPromise promise = check.promise().get().signedBy(check.signer().get());
        Waiting waiting = new Waiting(
                answer, promise, check.promise().get().request(), FIRST_LOOK, now.plus(FIRST_LOOK), Optional.empty());
        return table.putIfAbsent(promise.signatureText(), waiting) == null;
    }

    /** Looks for proofs, some at once, and waits for the end of all looks. One round at a time. */
    public void prove(Look look) {
        round.lock();
        try (ExecutorService threads =
                Executors.newFixedThreadPool(AT_ONCE, Thread.ofVirtual().factory())) {
            Instant now = clock.instant();
            table.forEach((key, waiting) -> {
                if (look == Look.ALL || !waiting.next.isAfter(now)) {
                    threads.execute(() -> prove(key, waiting));
                }
            });
        } finally {
            round.unlock();
        }
    }

    private void prove(String key, Waiting waiting) {
        if (isOver) {
            return;
        }
        Instant now = clock.instant();
        long late = now.getEpochSecond() - waiting.promise.promise().anchorBy();
        Found found = late > LATEST_LOOK.toSeconds()
                ? Found.open("Nothing had proved it by its time.")
                : look.at(waiting.answer, waiting.request, waiting.promise);
        if (!found.isProved() && late <= 0 && !waiting.isFinal(found, now)) {
            table.computeIfPresent(key, (same, before) -> before.after(found, now));
        } else if (table.remove(key) != null) {
            pending.decrementAndGet();
            if (found.isProved()) {
                proved.incrementAndGet();
            } else {
                unproved(waiting.answer, found.reason(), found.why(), waiting.due());
            }
        }
    }

    private void unproved(WatchedAnswer answer, Reason reason, String why) {
        unproved(answer, reason, why, OptionalLong.empty());
    }

    private void unproved(WatchedAnswer answer, Reason reason, String why, OptionalLong anchorBy) {
        unproved.getOrDefault(reason, new AtomicLong()).incrementAndGet();
        String request = answer.headers().request().map(ReceiptContent::shown).orElse("");
        Unproved found = new Unproved(reason, request, answer.status(), why, anchorBy, clock.instant());
        try {
            report.accept(found);
        } catch (RuntimeException callersMistake) {
            Thread current = Thread.currentThread();
            current.getUncaughtExceptionHandler().uncaughtException(current, callersMistake);
        }
    }

    public Counts counts() {
        Map<Reason, Long> counted = new EnumMap<>(Reason.class);
        unproved.forEach((reason, count) -> counted.put(reason, count.get()));
        return new Counts(checked.get(), proved.get(), pending.get(), counted);
    }

    /** Waits until what has been taken note of is checked, some seconds at most; what comes later is reported as unproved. */
    public void finishChecks() throws InterruptedException {
        checks.shutdown();
        checks.awaitTermination(LAST_CHECKS.toMillis(), TimeUnit.MILLISECONDS);
    }

    /** Ends the watch; what still waits is reported, and its credentials are forgotten. */
    @Override
    public void close() {
        isOver = true;
        for (Runnable left : checks.shutdownNow()) {
            if (left instanceof Check check) {
                stopped(check.answer);
            }
        }
        http.close();
        try {
            // A check that is under way may still put its promise into the table.
            finishChecks();
        } catch (InterruptedException hurry) {
            Thread.currentThread().interrupt();
        }
        List<String> left = new ArrayList<>(table.keySet());
        for (String key : left) {
            Waiting waiting = table.remove(key);
            if (waiting != null) {
                pending.decrementAndGet();
                unproved(waiting.answer, Reason.STOPPED, "The watch ended before it was proved.", waiting.due());
            }
        }
    }

    /**
     * An answer that is to be checked.
     *
     * @param notBefore by {@link System#nanoTime}
     */
    private record Check(PromiseWatch watch, WatchedAnswer answer, long notBefore) implements Runnable {
        @Override
        public void run() {
            LockSupport.parkNanos(notBefore - System.nanoTime());
            watch.check(answer);
        }
    }

    /**
     * A promise that waits for its proof.
     *
     * @param refuted since when each look has refuted it
     */
    private record Waiting(
            WatchedAnswer answer,
            SignedPromise promise,
            RequestId request,
            Duration pause,
            Instant next,
            Optional<Instant> refuted) {
        OptionalLong due() {
            return OptionalLong.of(promise.promise().anchorBy());
        }

        /** Whether no later look can change that. A node that is a block behind refutes what is genuine, so one look does not. */
        boolean isFinal(Found found, Instant now) {
            return found.reason() == Reason.MISROUTED
                    || (found.reason() == Reason.REFUTED
                            && refuted.filter(first -> !now.isBefore(first.plus(SECOND_LOOK)))
                                    .isPresent());
        }

        /** The same after a look that was not the last. */
        Waiting after(Found found, Instant now) {
            boolean isRefuted = found.reason() == Reason.REFUTED;
            Duration longer = isRefuted ? SECOND_LOOK : pause.multipliedBy(2);
            Duration bounded = longer.compareTo(LONGEST_PAUSE) > 0 ? LONGEST_PAUSE : longer;
            Instant last = Instant.ofEpochSecond(promise.promise().anchorBy() + 1);
            Instant then = now.plus(bounded);
            return new Waiting(
                    answer,
                    promise,
                    request,
                    bounded,
                    now.isBefore(last) && then.isAfter(last) ? last : then,
                    isRefuted ? refuted.or(() -> Optional.of(now)) : Optional.empty());
        }
    }
}
