package openledger.cluster;

import java.util.Arrays;
import java.util.List;

/**
 * All that two routers, their two lanes and the database know of one key, and how often the provider was called. Immutable.
 *
 * @param routers each router's memory; by number
 * @param lanes each lane's lease and journal, as the database has them; by number
 * @param range the lane that owns the key
 * @param calls how often the provider was called
 * @param cuts calls of requests that a crash or a lost lease took before they were durable
 */
record ResendState(List<Router> routers, List<Lane> lanes, int range, int calls, int cuts) {
    static final int NOBODY = 2;

    /**
     * A router's memory.
     *
     * @param lives whether its process runs
     * @param believes by lane, whether it takes it for its own
     * @param owns the lane by which it takes the key's range for its own, or -1
     * @param open its request with the key, if there is one
     * @param late attempts that were allowed, whose request is gone since: they will be made all the same
     */
    record Router(boolean lives, List<Boolean> believes, int owns, Open open, int late) {
        static final Router STOPPED = new Router(false, List.of(false, false), -1, Open.NONE, 0);
        static final Router STARTED = new Router(true, List.of(false, false), -1, Open.NONE, 0);

        Router with(Open request) {
            return new Router(lives, believes, owns, request, late);
        }

        Router believing(int lane, boolean isOurs) {
            Boolean[] all = believes.toArray(Boolean[]::new);
            all[lane] = isOurs;
            return new Router(lives, Arrays.asList(all), owns, open, late);
        }

        Router owning(int lane) {
            return new Router(lives, believes, lane, open, late);
        }

        Router beingLate(int more) {
            return new Router(lives, believes, owns, open, late + more);
        }
    }

    /**
     * A lane in the database.
     *
     * @param holder the router that holds it, or {@link #NOBODY}: also if it was a process that has died
     * @param expired whether its lease is over
     * @param intent whether the request is durable in its journal
     * @param mark highest attempt that is durable in its journal
     * @param ended whether its end is durable
     */
    record Lane(int holder, boolean expired, boolean intent, int mark, boolean ended) {
        boolean isOpen() {
            return intent && !ended;
        }

        Lane heldBy(int router) {
            return new Lane(router, false, intent, mark, ended);
        }

        Lane over() {
            return new Lane(holder, true, intent, mark, ended);
        }

        Lane ofNobody() {
            return new Lane(NOBODY, expired, intent, mark, ended);
        }
    }

    /**
     * A request in a router's memory.
     *
     * @param lane whose journal has it, or -1 if there is no request
     * @param spent attempts that have begun, or may have
     * @param durable attempts whose record is durable
     * @param intent whether the request is durable
     * @param ending whether its end was handed to the journal
     * @param ended whether its end is durable; a resend gets its answer from then on
     * @param armed whether the next attempt was allowed, and is about to be made
     * @param fenced whether the lane has changed hands since: nothing that it hands to the journal becomes durable
     */
    record Open(
            int lane,
            int spent,
            int durable,
            boolean intent,
            boolean ending,
            boolean ended,
            boolean armed,
            boolean fenced) {
        static final Open NONE = new Open(-1, 0, 0, false, false, false, false, false);

        boolean isThere() {
            return lane >= 0;
        }

        boolean runs() {
            return isThere() && !ended;
        }

        boolean hasToWrite() {
            return !ended && (!intent || durable < spent || ending);
        }

        Open arming(boolean isArmed) {
            return new Open(lane, spent, durable, intent, ending, ended, isArmed, fenced);
        }

        Open called() {
            return new Open(lane, spent + 1, durable, intent, ending, ended, false, fenced);
        }

        Open toEnd() {
            return new Open(lane, spent, durable, intent, true, ended, armed, fenced);
        }

        Open written() {
            return new Open(lane, spent, spent, true, ending, ending, armed, fenced);
        }

        Open cutOff() {
            return new Open(lane, spent, durable, intent, ending, ended, armed, true);
        }
    }

    static ResendState start() {
        Router first = Router.STARTED.believing(0, true).owning(0);
        Router second = Router.STARTED.believing(1, true);
        return new ResendState(
                List.of(first, second),
                List.of(new Lane(0, false, false, 0, false), new Lane(1, false, false, 0, false)),
                0,
                0,
                0);
    }

    ResendState with(int router, Router memory) {
        return new ResendState(replaced(routers, router, memory), lanes, range, calls, cuts);
    }

    ResendState with(int lane, Lane row) {
        return new ResendState(routers, replaced(lanes, lane, row), range, calls, cuts);
    }

    ResendState moved(int toLane) {
        return new ResendState(routers, lanes, toLane, calls, cuts);
    }

    ResendState called() {
        return new ResendState(routers, lanes, range, calls + 1, cuts);
    }

    ResendState cut(int more) {
        return new ResendState(routers, lanes, range, calls, cuts + more);
    }

    private static <T> List<T> replaced(List<T> all, int place, T by) {
        return place == 0 ? List.of(by, all.get(1)) : List.of(all.get(0), by);
    }
}
