package openledger.inference.retry;

import io.smallrye.mutiny.Uni;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;
import openledger.budget.AttemptPermit;
import openledger.inference.Timekeeper;
import openledger.inference.record.Journal.JournalUnavailable;
import openledger.inference.retry.AttemptLog.CallEnd;
import openledger.inference.retry.AttemptsEnd.Answered;
import openledger.inference.retry.AttemptsEnd.From;
import openledger.inference.retry.AttemptsEnd.Refused;
import openledger.inference.upstream.CallResult;
import openledger.routing.Target;
import openledger.routing.Trigger;

/** The calls of one request in flight, in either mode; each is recorded exactly once. Confined to the request's event loop. */
public final class CallsInFlight {
    private final AttemptLog log;
    private final Timekeeper time;
    private final Listener listener;
    private final List<InFlightCall> flights = new ArrayList<>(2);
    private Optional<Duration> retryAfter = Optional.empty();

    public CallsInFlight(AttemptLog log, Timekeeper time, Listener listener) {
        this.log = log;
        this.time = time;
        this.listener = listener;
    }

    /** The retry loop that makes the calls; notified when one is recorded and is in flight no more. */
    public interface Listener {
        /** A call has ended the attempts: the provider answers, or refuses the request itself. */
        void ended(AttemptsEnd end);

        /** A call did not serve; another attempt may. */
        void missed(AttemptPermit permit, Trigger trigger);

        /**
         * The call was not made, for the attempts before could not be recorded ({@link JournalUnavailable}); or there is a bug, since the
         * gateway turns what is expected to fail into a result. Nothing is retried on top of it.
         */
        void failed(Throwable bug);
    }

    /**
     * Begins a call.
     *
     * @param index of the target within its tier
     * @param call is made once: at once, or as soon as what is known of the attempts before is kept
     */
    public void begin(AttemptPermit permit, Target target, int index, Supplier<Uni<? extends CallResult>> call) {
        InFlightCall flight = new InFlightCall(permit, target, index, time.nanoTime());
        flights.add(flight);
        Optional<Uni<Void>> before = log.kept();
        log.begin(permit, target.id(), flight.startNanos);
        // Deferred, so that whatever a gateway throws ends the request and does not leave it hanging.
        Uni<CallResult> made = Uni.createFrom().deferred(call);
        flight.call = before.map(kept -> kept.chain(() -> made))
                .orElse(made)
                .subscribe()
                .with(result -> landed(flight, result), bug -> failed(flight, bug));
    }

    private void landed(InFlightCall flight, CallResult result) {
        if (!flights.remove(flight)) {
            return;
        }
        CallEnd end = CallEnd.of(result);
        switch (result) {
            case CallResult.Answered answered -> {
                record(flight, Trigger.NONE, end);
                listener.ended(new Answered(new From(flight.permit, flight.index), answered.answer()));
            }
            case CallResult.Rejected rejected -> {
                record(flight, Trigger.NONE, end);
                listener.ended(new Refused(rejected.rejection(), rejected.httpStatus()));
            }
            case CallResult.Failed missed -> {
                record(flight, missed.trigger(), end);
                keepShorter(missed.retryAfter());
                listener.missed(flight.permit, missed.trigger());
            }
        }
    }

    private void failed(InFlightCall flight, Throwable bug) {
        if (flights.remove(flight)) {
            // What could not be recorded was not called.
            record(flight, bug instanceof JournalUnavailable ? Trigger.NONE : Trigger.CONNECTION_LOST, CallEnd.OURS);
            // A hedge that could not be recorded ends nothing but itself.
            if (flights.isEmpty() || !(bug instanceof JournalUnavailable)) {
                listener.failed(bug);
            }
        }
    }

    /** Ends them all. Calls we end ourselves are attempts too: recorded without a trigger and without a status. */
    public void abandon() {
        for (InFlightCall flight : List.copyOf(flights)) {
            flights.remove(flight);
            record(flight, Trigger.NONE, CallEnd.OURS);
            if (flight.call != null) {
                flight.call.cancel();
            }
        }
    }

    int count() {
        return flights.size();
    }

    public boolean isEmpty() {
        return flights.isEmpty();
    }

    /** The shortest wait that a provider asked for. */
    public Optional<Duration> retryAfter() {
        return retryAfter;
    }

    private void record(InFlightCall flight, Trigger trigger, CallEnd end) {
        log.finish(flight.permit, flight.target.id(), flight.startNanos, trigger, end, time.nanoTime());
    }

    private void keepShorter(Optional<Duration> other) {
        if (other.isPresent() && (retryAfter.isEmpty() || other.get().compareTo(retryAfter.get()) < 0)) {
            retryAfter = other;
        }
    }
}
