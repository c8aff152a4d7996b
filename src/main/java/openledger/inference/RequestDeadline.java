package openledger.inference;

import java.time.Duration;
import openledger.routing.DecisionStatus;

/**
 * The deadline of a request, from its arrival, or from the return of its client, to the end of its answer: that of its route, which is the
 * same for all, or the client's own, if that is shorter. Confined to the request's event loop.
 */
final class RequestDeadline {
    private final Timekeeper time;
    private final Duration longest;
    private final SingleTimer timer;
    private Duration allowed;
    private boolean isClients;

    /**
     * One that does not run yet.
     *
     * @param longest whatever route and client say
     */
    RequestDeadline(Timekeeper time, Duration longest) {
        this.time = time;
        this.longest = longest;
        this.allowed = longest;
        this.timer = new SingleTimer(time);
    }

    /** Runs from the arrival of {@code by}, the request as it was sent this time. */
    void start(InferenceRequest by, Runnable passed) {
        Duration forAll =
                by.route().deadline().filter(own -> own.compareTo(longest) < 0).orElse(longest);
        allowed = by.deadline().filter(own -> own.compareTo(forAll) < 0).orElse(forAll);
        isClients = !allowed.equals(forAll);
        long left = allowed.toNanos() - (time.nanoTime() - by.arrivalNanos());
        timer.start(Duration.ofNanos(Math.max(0, left)), passed);
    }

    void stop() {
        timer.stop();
    }

    /** From the arrival. */
    Duration allowed() {
        return allowed;
    }

    /** How a request ends that nobody has served by then: its client waits no longer, or nobody would wait longer for any. */
    DecisionStatus status() {
        return isClients ? DecisionStatus.CANCELLED : DecisionStatus.TIMED_OUT;
    }
}
