package openledger.verifier;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpRequest;
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
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;
import openledger.commitment.SignedPromise;
import openledger.commitment.verify.AnswerPromiseCheck;
import openledger.commitment.verify.Receipt;
import openledger.commitment.verify.ReceiptContent;
import openledger.commitment.verify.ReceiptVerification;
import openledger.commitment.verify.ReceiptVerification.Finding;
import openledger.commitment.verify.ReceiptVerification.Own;
import openledger.commitment.verify.ReceiptVerification.Pins;
import openledger.unit.Address;
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
    private static final Duration FIRST_LOOK = Duration.ofSeconds(5);
    private static final Duration LONGEST_PAUSE = Duration.ofMinutes(2);
    private static final Duration LONGEST_RECEIPT = Duration.ofSeconds(10);
    private static final Duration LAST_CHECKS = Duration.ofSeconds(5);
    private static final int OK = 200;
    private static final int FIRST_ERROR = 300;

    private final Settings settings;
    private final InstantSource clock;
    private final Consumer<Unproved> report;
    private final BoundedHttp http = new BoundedHttp();
    private final LaneSigners signers;
    private final ReceiptVerifier verifier;
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
        this.verifier = ReceiptVerifier.of(evidence::read);
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
        PromiseWatch watch = new PromiseWatch(settings, InstantSource.system(), report);
        Thread.ofVirtual().name("proofs").start(watch::proveUntilTheEnd);
        return watch;
    }

    private void proveUntilTheEnd() {
        while (!isOver) {
            prove(Look.DUE);
            try {
                Thread.sleep(Duration.ofSeconds(1));
            } catch (InterruptedException end) {
                return;
            }
        }
    }

    /** Takes note of an answer; never blocks. */
    public void answered(WatchedAnswer answer) {
        checked.incrementAndGet();
        boolean isError = answer.status() < OK || answer.status() >= FIRST_ERROR;
        if (isError && answer.headers().promise().isEmpty()) {
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
            checks.execute(new Check(this, answer));
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
            isKept = answer.digest().isPresent()
                    && isKept(answer, answer.digest().get());
            if (answer.digest().isEmpty()) {
                unproved(answer, Reason.NOT_CHECKED, "The answer came before the whole body was sent.");
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
        URI receipt = answer.receipts().resolve(check.promise().get().request().toString());
        Waiting waiting = new Waiting(answer, promise, receipt, FIRST_LOOK, now.plus(FIRST_LOOK));
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
        long due = waiting.promise.promise().anchorBy();
        Found found = look(waiting);
        boolean isWrong = found.reason != Reason.OVERDUE;
        if (found.isProved || isWrong || now.getEpochSecond() > due) {
            if (table.remove(key) == null) {
                return;
            }
            pending.decrementAndGet();
            if (found.isProved) {
                proved.incrementAndGet();
            } else {
                unproved(waiting.answer, found.reason, found.why, OptionalLong.of(due));
            }
            return;
        }
        Duration pause = waiting.pause.multipliedBy(2);
        Duration bounded = pause.compareTo(LONGEST_PAUSE) > 0 ? LONGEST_PAUSE : pause;
        Instant last = Instant.ofEpochSecond(due + 1);
        Instant next = now.plus(bounded);
        table.computeIfPresent(
                key,
                (same, before) -> new Waiting(
                        before.answer,
                        before.promise,
                        before.receipt,
                        bounded,
                        now.isBefore(last) && next.isAfter(last) ? last : next));
    }

    /** What the receipt proves by now. */
    private Found look(Waiting waiting) {
        try {
            HttpRequest.Builder request = HttpRequest.newBuilder(waiting.receipt);
            waiting.answer.credentials().forEach(request::header);
            BoundedHttp.Answer answer =
                    http.send(request.build(), LONGEST_RECEIPT, ReceiptReader.LARGEST, status -> status == OK);
            if (answer.status() != OK) {
                return Found.open("The router answers " + answer.status() + " in place of the receipt.");
            }
            if (answer.body().isEmpty()) {
                return Found.open("A receipt has at most " + ReceiptReader.LARGEST + " bytes.");
            }
            Receipt receipt = ReceiptReader.read(answer.body().get());
            if (!waiting.receipt.equals(
                    waiting.answer.receipts().resolve(receipt.request().toString()))) {
                return Found.open("The receipt is of request " + receipt.request() + ".");
            }
            return found(verifier.verify(receipt.withPromise(waiting.promise), settings.pins, Own.NOTHING));
        } catch (UnreadableReceipt why) {
            return Found.open(String.valueOf(why.getMessage()));
        } catch (IOException | TimeoutException none) {
            return Found.open("The router gives no receipt.");
        } catch (InterruptedException end) {
            Thread.currentThread().interrupt();
            return Found.open("The look was given up.");
        } catch (RuntimeException bug) {
            // Nothing that a router sends may end the looks, not even by a mistake of ours, or it would never be
            // reported.
            return Found.open(
                    "The receipt could not be verified: " + bug.getClass().getSimpleName() + ".");
        }
    }

    private static Found found(ReceiptVerification verification) {
        String why = VerificationPrinter.reason(verification);
        return switch (verification.verdict()) {
            case HOLDS -> new Found(true, Reason.OVERDUE, why);
            case OPEN -> Found.open(why);
            case MISROUTED -> new Found(false, Reason.MISROUTED, why);
            case BROKEN -> new Found(false, Reason.REFUTED, why);
        };
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
        List<String> left = new ArrayList<>(table.keySet());
        for (String key : left) {
            Waiting waiting = table.remove(key);
            if (waiting != null) {
                pending.decrementAndGet();
                unproved(
                        waiting.answer,
                        Reason.STOPPED,
                        "The watch ended before it was proved.",
                        OptionalLong.of(waiting.promise.promise().anchorBy()));
            }
        }
    }

    /** An answer that is to be checked. */
    private record Check(PromiseWatch watch, WatchedAnswer answer) implements Runnable {
        @Override
        public void run() {
            watch.check(answer);
        }
    }

    /** A promise that waits for its proof. */
    private record Waiting(WatchedAnswer answer, SignedPromise promise, URI receipt, Duration pause, Instant next) {}

    /** What a look found; what is neither proved nor wrong is overdue once its time is over. */
    private record Found(boolean isProved, Reason reason, String why) {
        static Found open(String why) {
            return new Found(false, Reason.OVERDUE, why);
        }
    }
}
