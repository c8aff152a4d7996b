package openledger.lab.replay;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import openledger.lab.engine.TaskQueue;
import openledger.lab.replay.ProviderModel.Answer;
import openledger.routing.Route;
import openledger.routing.Target;
import openledger.routing.Tier;
import openledger.routing.Trigger;

/**
 * The modelled providers of a route while a log is replayed: calls in flight at each target, and their results. Randomness depends on the
 * request and its attempt alone, so two replays of a log differ in nothing else than in what was decided. Confined to one thread.
 */
final class ModelWorld {
    private static final Answer UNKNOWN = new Answer(1_000, 1_000);
    /** What a refused call costs where the log has none. */
    private static final double REFUSED_MILLIS = 40;

    final TaskQueue agenda = new TaskQueue();
    private final Route route;
    private final List<Target> targets = new ArrayList<>();
    private final Map<String, Integer> index = new HashMap<>();
    private final List<ProviderModel> models;
    private final int[] inFlight;
    private final long seed;

    ModelWorld(Route route, List<LoggedRequest> log, long seed) {
        this.route = route;
        for (Tier tier : route.tiers()) {
            for (Target target : tier.targets()) {
                if (index.putIfAbsent(target.name(), targets.size()) == null) {
                    targets.add(target);
                }
            }
        }
        this.models = ProviderModel.of(log, targets);
        this.inFlight = new int[targets.size()];
        this.seed = seed;
    }

    Route route() {
        return route;
    }

    /** Place of a target among all of the route. */
    int place(Target target) {
        return index.getOrDefault(target.name(), 0);
    }

    List<Target> targets() {
        return List.copyOf(targets);
    }

    int inFlight(int place) {
        return inFlight[place];
    }

    /** Slots that are free there now, 0 or more. */
    int free(int place) {
        return Math.max(0, models.get(place).slots(agenda.now()) - inFlight[place]);
    }

    /** Takes a slot for a call to come. */
    void reserve(int place) {
        inFlight[place]++;
    }

    /** Gives it back. */
    void release(int place) {
        inFlight[place]--;
    }

    /** What becomes of a call. */
    record Result(Trigger trigger, double firstMillis) {}

    /**
     * Makes a call; it is in flight until its end.
     *
     * @param attempt its number
     */
    Result call(LoggedRequest request, int attempt, int place) {
        SplittableRandom luck = luck(request, attempt * targets.size() + place + 1);
        Trigger trigger = models.get(place).outcome(agenda.now(), inFlight[place], luck.nextDouble());
        if (trigger == Trigger.RATE_LIMITED) {
            return new Result(trigger, REFUSED_MILLIS);
        }
        if (trigger != Trigger.NONE) {
            return occupied(
                    place,
                    trigger,
                    models.get(place).failedMillis(),
                    models.get(place).failedMillis());
        }
        // The same draw whatever the attempt: a long answer is long wherever and whenever it is given.
        Answer answer = models.get(place).answer(luck(request, 0).nextDouble(), UNKNOWN);
        return occupied(place, trigger, answer.first(), answer.whole());
    }

    private Result occupied(int place, Trigger trigger, double first, double whole) {
        inFlight[place]++;
        agenda.at(agenda.now() + whole, () -> inFlight[place]--);
        return new Result(trigger, first);
    }

    /** Uniform in [0, 1), for the wait after an attempt. */
    double jitter(LoggedRequest request, int attempt) {
        return luck(request, -attempt).nextDouble();
    }

    private SplittableRandom luck(LoggedRequest request, int use) {
        return new SplittableRandom(((long) request.id().hashCode() << Integer.SIZE) + 1_000_003L * use + seed);
    }
}
