package openledger.lab.engine;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import openledger.budget.FastRetries;
import openledger.budget.RetryStep;
import openledger.budget.RetryStep.Call;
import openledger.budget.RetryStep.End;
import openledger.budget.RetryStep.Refuse;
import openledger.budget.RetryStep.Wait;
import openledger.budget.StormGuard;
import openledger.fairness.Overtakes;
import openledger.lab.world.CongestionWorld;
import openledger.lab.world.Market;
import openledger.routing.Route;
import openledger.routing.Target;
import openledger.routing.Trigger;
import openledger.routing.choice.PowerOfTwoChoices;

/**
 * Arrivals in fast mode: each request for itself, over a view that is a little old. The retry loop, the choice of a target, storm guard
 * and overtakes are the product's; what they see is the lab's. One object runs many times, one run after another, and keeps its
 * memory. Confined to one thread.
 *
 * <p>Long because all that can become of a request is in one place.
 */
public final class FastRun {
    private static final double NANOS_A_MILLI = 1e6;
    private static final int EVENT_BITS = 28;
    private static final int INDEX = (1 << EVENT_BITS) - 1;

    /** A request's next attempt; its answer is whole, or breaks off; a slot is free again; a client's patience ends. */
    private static final int ATTEMPT = 0;

    private static final int WHOLE = 1;
    private static final int BROKEN = 2;
    private static final int LET_GO = 3;
    private static final int GIVE_UP = 4;
    private static final int SENT_AGAIN = 5;
    /** The provider's refusal has come back. */
    private static final int REFUSED = 6;

    private final FastSetting setting;
    private final Market market;
    private final Route route;
    private final Route privileged;
    private final List<Target> best;
    private final Requests requests = new Requests();
    private final EventQueue calendar = new EventQueue();
    private final Asking asking = new Asking();
    private final int[] inFlight = new int[Market.PROVIDERS];
    private int lowerInFlight;
    private long calls;

    private CongestionWorld world;
    private CongestionWorld.Course course;
    private SplittableRandom choices = new SplittableRandom(0);
    private Overtakes overtakes = new Overtakes();
    private final List<RouterView> views = new ArrayList<>();
    private final List<StormGuard> guards = new ArrayList<>();

    public FastRun(FastSetting setting) {
        this.setting = setting;
        this.market = setting.market();
        this.route = setting.route();
        this.privileged = setting.privileged();
        this.best = route.tiers().getFirst().targets();
        this.world = new CongestionWorld(market.congestion(), Market.PROVIDERS, 0);
        this.course = world.course();
    }

    /** What becomes of the arrivals; it holds until the next run. */
    public Requests of(Arrivals arrivals, long seed) {
        begin(arrivals, seed);
        int next = 0;
        while (true) {
            double arrival = next < arrivals.count() ? arrivals.millis()[next] : Double.POSITIVE_INFINITY;
            if (arrival <= calendar.next()) {
                if (next == arrivals.count()) {
                    return requests;
                }
                calendar.advanceTo(arrival);
                enter(next++);
            } else {
                happen(calendar.take());
            }
        }
    }

    /** Calls of providers in the last run, those that were refused among them. */
    long calls() {
        return calls;
    }

    /** Slots that calls hold: none once a run is over. */
    int slotsTaken() {
        return Arrays.stream(inFlight).sum() + lowerInFlight;
    }

    private void begin(Arrivals arrivals, long seed) {
        requests.clear(arrivals.count());
        // All at once, so that those sent again have their places behind them.
        for (int i = 0; i < arrivals.count(); i++) {
            requests.add(-1, arrivals.tenants()[i], arrivals.luck()[i], arrivals.stretch()[i], arrivals.millis()[i]);
        }
        calendar.clear();
        Arrays.fill(inFlight, 0);
        lowerInFlight = 0;
        calls = 0;
        world = new CongestionWorld(market.congestion(), Market.PROVIDERS, seed);
        course = world.course();
        choices = new SplittableRandom(seed);
        overtakes = new Overtakes();
        views.clear();
        guards.clear();
        for (int i = 0; i < setting.routers(); i++) {
            views.add(new RouterView(Market.PROVIDERS, setting.practice()));
            guards.add(new StormGuard(route.stormLimits()));
        }
    }

    private void happen(int event) {
        int index = event & INDEX;
        switch (event >>> EVENT_BITS) {
            case ATTEMPT -> attempt(index);
            case WHOLE -> whole(index);
            case BROKEN -> broken(index);
            case LET_GO -> inFlight[index]--;
            case GIVE_UP -> giveUp(index);
            case SENT_AGAIN -> enter(index);
            case REFUSED -> missed(index, Trigger.RATE_LIMITED);
            default -> throw new IllegalStateException("no such event: " + event);
        }
    }

    private void at(double millis, int kind, int index) {
        calendar.at(millis, kind << EVENT_BITS | index);
    }

    private void enter(int request) {
        int tenant = requests.tenant[request];
        requests.retries[request] = new FastRetries(setting.privilege().has(tenant) ? privileged : route);
        requests.place[request] = overtakes.arrive();
        RouterView view = view(request);
        view.look(calendar.now(), inFlight, course, market);
        requests.utilisation[request] = (byte) view.utilisationPercent(inFlight);
        if (setting.practice().isGuarded()) {
            guard(request).request((long) calendar.now());
        }
        if (setting.resending().kind() != Resending.Kind.BESIDE) {
            waitForIt(request, requests.resends[requests.root[request]]);
        }
        attempt(request);
    }

    private void waitForIt(int request, int sent) {
        Resending resending = setting.resending();
        long luck = requests.luck[requests.root[request]];
        if (sent < resending.most() && RandomDraws.resend(luck, sent) < resending.share()) {
            at(calendar.now() + RandomDraws.patience(luck, sent, resending.patience()), GIVE_UP, request);
        }
    }

    private void attempt(int request) {
        if (!requests.gone[request]) {
            follow(request, requests.retries(request).next(asking.by(request)));
        }
    }

    private void missed(int request, Trigger trigger) {
        if (!requests.gone[request]) {
            follow(request, requests.retries(request).afterFailure(trigger, asking.by(request)));
        }
    }

    /** Does what is decided. */
    private void follow(int request, RetryStep step) {
        switch (step) {
            case Call call when call.permit().tier() > 0 -> callLower(request);
            case Call call -> call(request, call.permit().number(), call.target());
            case Refuse refusal -> missed(request, refusal.trigger());
            case Wait wait -> at(calendar.now() + wait.delay().toNanos() / NANOS_A_MILLI, ATTEMPT, request);
            case End end -> end(request, Requests.NONE, calendar.now());
        }
    }

    private void call(int request, int number, int target) {
        calls++;
        double now = calendar.now();
        long luck = requests.luck[request];
        double utilisation = inFlight[target] / market.capacity(course.share(target, now));
        Stress strain = setting.strain();
        if (RandomDraws.refusal(luck, number) < world.refusal(utilisation)) {
            if (strain.refusedMillis() > 0) {
                inFlight[target]++;
                at(now + strain.refusedMillis(), LET_GO, target);
            }
            at(now + Market.ROUND_TRIP_MILLIS, REFUSED, request);
            return;
        }
        inFlight[target]++;
        requests.holds[request] = target;
        double service = RandomDraws.service(luck, market.service()) * requests.stretch[request];
        double breaking = strain.breaks() > 0 ? RandomDraws.breaking(luck, number) / strain.breaks() : 1;
        if (breaking < 1 && !(strain.reading() == Stress.Reading.STREAMED && breaking > Stress.FIRST_CONTENT)) {
            at(now + service * breaking, BROKEN, request);
            return;
        }
        overtakes.servedByBestTier(requests.place[request]);
        // A stream that breaks off after its first content has been served as far as retries go, and is lost.
        end(request, breaking < 1 ? Requests.NONE : Requests.BEST, now + service * Math.min(1, breaking));
        at(requests.ended[request], WHOLE, request);
    }

    private void callLower(int request) {
        calls++;
        lowerInFlight++;
        requests.holds[request] = Market.PROVIDERS;
        double now = calendar.now();
        double service =
                RandomDraws.lowerService(requests.luck[request], Market.LOWER_SERVICE) * requests.stretch[request];
        end(request, Requests.LOWER, now + service);
        at(now + service, WHOLE, request);
    }

    private RouterView view(int request) {
        return views.get(request % setting.routers());
    }

    private StormGuard guard(int request) {
        return guards.get(request % setting.routers());
    }

    /** What the router of one request sees at a step. One object for all of them, so that a step costs none. */
    private final class Asking implements FastRetries.View {
        private int request;

        Asking by(int other) {
            request = other;
            return this;
        }

        @Override
        public int choose(int tier, long tried) {
            if (tier > 0) {
                return hasLowerRoom() ? 0 : RetryStep.NO_TARGET;
            }
            return PowerOfTwoChoices.choose(best, looking().loads(), tried, choices);
        }

        /** The reference router sees no other target that would be worth a call at once: it waits after every failure. */
        @Override
        public boolean hasUntried(int tier, long tried) {
            if (tier > 0) {
                return tried == 0 && hasLowerRoom();
            }
            return setting.practice().heedsItsView()
                    && PowerOfTwoChoices.hasUntried(looking().loads(), tried);
        }

        private RouterView looking() {
            RouterView view = view(request);
            view.look(calendar.now(), inFlight, course, market);
            return view;
        }

        private boolean hasLowerRoom() {
            return lowerInFlight < setting.strain().lowerSlots();
        }

        @Override
        public boolean grantsRetry() {
            String tenant = Integer.toString(requests.tenant[request]);
            return !setting.practice().isGuarded()
                    || guard(request).retry(tenant, (long) calendar.now()) == StormGuard.Grant.GRANTED;
        }

        @Override
        public double jitter() {
            return RandomDraws.jitter(requests.luck[request], requests.attempts(request));
        }

        @Override
        public int overtakes() {
            return overtakes.after(requests.place[request]);
        }

        @Override
        public boolean hasRoomInBestTier() {
            return view(request).hasRoom();
        }
    }

    private void end(int request, byte tier, double millis) {
        requests.tier[request] = tier;
        requests.decided[request] = calendar.now();
        requests.ended[request] = millis;
        Resending resending = setting.resending();
        int root = requests.root[request];
        if (resending.kind() == Resending.Kind.BESIDE && root == request && resending.most() > 0) {
            long luck = requests.luck[request];
            if (RandomDraws.resend(luck, 0) < resending.share()) {
                double givesUp = requests.arrived[request] + RandomDraws.patience(luck, 0, resending.patience());
                if (givesUp < millis) {
                    requests.resends[root]++;
                    sendAgain(request, Math.max(givesUp, calendar.now()));
                }
            }
        }
    }

    private int sendAgain(int request, double millis) {
        int root = requests.root[request];
        long luck = requests.luck[root] + requests.resends[root];
        int again = requests.add(root, requests.tenant[root], luck, requests.stretch[root], millis);
        at(millis, SENT_AGAIN, again);
        return again;
    }

    /** Its client has waited long enough, unless it has what it waits for. */
    private void giveUp(int request) {
        double now = calendar.now();
        double content = setting.strain().reading() == Stress.Reading.STREAMED
                ? requests.decided[request]
                        + (requests.ended[request] - requests.decided[request]) * Stress.FIRST_CONTENT
                : requests.ended[request];
        if (requests.ended[request] < Double.POSITIVE_INFINITY && content <= now) {
            return;
        }
        int root = requests.root[request];
        requests.resends[root]++;
        if (setting.resending().kind() == Resending.Kind.JOINED) {
            waitForIt(request, requests.resends[root]);
            return;
        }
        if (setting.resending().kind() == Resending.Kind.CANCELLED) {
            requests.gone[request] = true;
            release(request);
        }
        requests.current[root] = sendAgain(request, now);
    }

    /** The router learns how long the answer took to begin; a little late, which saves an event a call. */
    private void whole(int request) {
        int target = requests.holds[request];
        if (target != Requests.NOWHERE && target != Market.PROVIDERS) {
            double took = requests.ended[request] - requests.decided[request];
            double first = setting.strain().reading() == Stress.Reading.STREAMED ? took * Stress.FIRST_CONTENT : took;
            view(request).answered(target, calendar.now(), first);
        }
        release(request);
    }

    private void broken(int request) {
        if (!requests.gone[request]) {
            release(request);
            missed(request, Trigger.CONNECTION_LOST);
        }
    }

    private void release(int request) {
        int target = requests.holds[request];
        if (target == Market.PROVIDERS) {
            lowerInFlight--;
        } else if (target != Requests.NOWHERE) {
            inFlight[target]--;
        }
        requests.holds[request] = Requests.NOWHERE;
    }
}
