package openledger.cluster;

import java.util.ArrayList;
import java.util.List;
import openledger.cluster.ResendState.Lane;
import openledger.cluster.ResendState.Open;
import openledger.cluster.ResendState.Router;

/**
 * What two routers, a database and a client who sends one key again and again can do, one step at a time: begin, be allowed an attempt,
 * make it, write, end, die at any point, start, lose a lease, renew it, adopt a lane, and give the key's range away. A router that is
 * stopped between two of its steps, by a collection or by its host, is one whose next step comes late, so each order of steps is such a
 * stop. Hedges are attempts whose forerunner has not ended, which is never asked for here.
 */
final class ResendModel {
    private final ResendRules rules;
    private final int budget;

    ResendModel(ResendRules rules, int budget) {
        this.rules = rules;
        this.budget = budget;
    }

    record Step(String what, ResendState to) {}

    List<Step> steps(ResendState from) {
        List<Step> steps = new ArrayList<>();
        for (int router = 0; router < 2; router++) {
            Router memory = from.routers().get(router);
            if (memory.lives()) {
                request(from, router, memory, steps);
                lanes(from, router, memory, steps);
                steps.add(new Step("router " + router + " dies", died(from, router)));
            } else {
                steps.add(new Step("router " + router + " starts", from.with(router, Router.STARTED)));
            }
        }
        for (int lane = 0; lane < 2; lane++) {
            Lane row = from.lanes().get(lane);
            if (!row.expired()) {
                steps.add(new Step("the lease of lane " + lane + " expires", from.with(lane, row.over())));
            }
        }
        return steps;
    }

    private void request(ResendState from, int router, Router memory, List<Step> steps) {
        String name = "router " + router;
        Open open = memory.open();
        if (memory.late() > 0) {
            steps.add(new Step(
                    name + " calls late",
                    from.with(router, memory.beingLate(-1)).called()));
        }
        if (!open.isThere()) {
            for (int lane = 0; lane < 2; lane++) {
                boolean isOurs = rules.ownerOnly()
                        ? memory.owns() == lane
                        : memory.believes().get(lane);
                if (isOurs) {
                    Open begun = new Open(lane, 0, 0, false, false, false, false, false);
                    steps.add(new Step(name + " begins in lane " + lane, from.with(router, memory.with(begun))));
                }
            }
            return;
        }
        if (open.armed()) {
            ResendState after = from.with(router, memory.with(open.called())).called();
            boolean isOurs = from.lanes().get(open.lane()).holder() == router;
            steps.add(new Step(name + " calls", after.cut(open.intent() || isOurs ? 0 : 1)));
        } else if (open.runs() && !open.ending()) {
            if (mayAttempt(open)) {
                steps.add(new Step(
                        name + " may make attempt " + (open.spent() + 1),
                        from.with(router, memory.with(open.arming(true)))));
            }
            if (open.spent() > 0) {
                steps.add(new Step(name + " ends the request", from.with(router, memory.with(open.toEnd()))));
            }
        }
        if (open.hasToWrite()) {
            steps.add(written(from, router, memory, open));
        }
    }

    private boolean mayAttempt(Open open) {
        if (open.spent() >= budget) {
            return false;
        }
        if (open.spent() == 0) {
            return open.intent() || !rules.intentFirst();
        }
        return open.durable() >= open.spent() || !rules.markBeforeNext();
    }

    private Step written(ResendState from, int router, Router memory, Open open) {
        Lane row = from.lanes().get(open.lane());
        if (rules.fencedWrites() && (row.holder() != router || open.fenced())) {
            return new Step("router " + router + " is refused a write", lost(from, router, memory, open.lane()));
        }
        Lane after = new Lane(
                row.holder(), row.expired(), true, Math.max(row.mark(), open.spent()), row.ended() || open.ending());
        return new Step(
                "router " + router + " writes",
                from.with(router, memory.with(open.written())).with(open.lane(), after));
    }

    private void lanes(ResendState from, int router, Router memory, List<Step> steps) {
        for (int lane = 0; lane < 2; lane++) {
            Lane row = from.lanes().get(lane);
            boolean believes = memory.believes().get(lane);
            String of = "router " + router + (row.holder() == router ? " renews lane " : " adopts lane ") + lane;
            if (believes && row.holder() != router) {
                steps.add(new Step(
                        "router " + router + " sees that lane " + lane + " is gone", lost(from, router, memory, lane)));
            } else if (row.expired() && believes) {
                steps.add(new Step(of, from.with(lane, row.heldBy(router))));
            } else if (row.expired() && (holdsAllItsLanes(from, router, memory) || !rules.knowsItsLanes())) {
                steps.add(new Step(of, adopted(from, router, lane)));
            }
        }
        int given = from.range();
        Lane row = from.lanes().get(given);
        Lane to = from.lanes().get(1 - given);
        boolean isIdle = !memory.open().runs();
        boolean mayGive = row.holder() == router && !row.expired() && mayTake(from, to);
        if (memory.owns() == given && mayGive && (isIdle || !rules.idleRelease())) {
            steps.add(new Step(
                    "router " + router + " gives the range to lane " + (1 - given), given(from, router, to.holder())));
        }
    }

    /** Whoever takes a range is a router that holds a lane, and knows what it has lost. */
    private boolean mayTake(ResendState from, Lane to) {
        int taker = to.holder();
        return taker != ResendState.NOBODY
                && !to.expired()
                && (!rules.knowsItsLanes()
                        || holdsAllItsLanes(from, taker, from.routers().get(taker)));
    }

    private static boolean holdsAllItsLanes(ResendState from, int router, Router memory) {
        for (int lane = 0; lane < 2; lane++) {
            if (memory.believes().get(lane) && from.lanes().get(lane).holder() != router) {
                return false;
            }
        }
        return true;
    }

    /** The router's process is gone, with all that it had not written. */
    private static ResendState died(ResendState from, int router) {
        ResendState after = from.with(router, Router.STOPPED).cut(unwritten(from, router));
        for (int lane = 0; lane < 2; lane++) {
            Lane row = after.lanes().get(lane);
            after = row.holder() == router ? after.with(lane, row.ofNobody()) : after;
        }
        return after;
    }

    /** The router learns that a lane is another's: what it had there is dropped, but for an attempt that it is about to make. */
    private static ResendState lost(ResendState from, int router, Router memory, int lane) {
        Router after = memory.believing(lane, false).owning(memory.owns() == lane ? -1 : memory.owns());
        Open open = memory.open();
        // That it has ended stays true, whoever holds the lane.
        if (open.lane() != lane || open.ended()) {
            return from.with(router, after);
        }
        int late = open.armed() ? 1 : 0;
        return from.with(router, after.with(Open.NONE).beingLate(late)).cut(open.intent() ? 0 : late);
    }

    /** Calls that no journal will ever know of when a router loses a lane that it holds; those it makes later are counted then. */
    private static int unwritten(ResendState from, int router) {
        Open open = from.routers().get(router).open();
        boolean isHeld = open.isThere() && from.lanes().get(open.lane()).holder() == router;
        return isHeld && !open.intent() ? open.spent() : 0;
    }

    /** Another holder, who reads the journal of the lane: what ended is known, what is open goes on with what is left of its budget. */
    private ResendState adopted(ResendState from, int router, int lane) {
        ResendState after = from.with(lane, from.lanes().get(lane).heldBy(router));
        Router other = after.routers().get(1 - router);
        if (other.open().lane() == lane) {
            after = after.with(1 - router, other.with(other.open().cutOff())).cut(unwritten(from, 1 - router));
        }
        Router memory = after.routers().get(router).believing(lane, true);
        if (after.range() == lane) {
            memory = memory.owning(lane);
        }
        Lane row = after.lanes().get(lane);
        if (!memory.open().isThere()) {
            memory = memory.with(read(after, lane));
        } else if (row.isOpen() && memory.open().lane() != lane) {
            after = after.with(lane, new Lane(row.holder(), row.expired(), true, row.mark(), true));
        }
        return after.with(router, memory);
    }

    /** What the journal of a lane says, and that of the other one too: the range may have been there in between. */
    private Open read(ResendState state, int lane) {
        Lane row = state.lanes().get(lane);
        Lane other = state.lanes().get(1 - lane);
        if (row.ended() || (rules.readsAllLanes() && other.ended())) {
            return new Open(lane, row.mark(), row.mark(), true, true, true, false, false);
        }
        if (!row.intent()) {
            return Open.NONE;
        }
        int spent = Math.min(budget, row.mark() + (rules.countsOneMore() ? 1 : 0));
        return new Open(lane, spent, rules.adopterMarks() ? row.mark() : spent, true, false, false, false, false);
    }

    private ResendState given(ResendState from, int router, int receiver) {
        int lane = 1 - from.range();
        ResendState after = from.moved(lane);
        if (receiver == router) {
            return after.with(router, after.routers().get(router).owning(lane));
        }
        Router giver = after.routers().get(router);
        Open before = read(after, 1 - lane);
        after = after.with(router, giver.owning(-1).with(rules.idleRelease() ? Open.NONE : giver.open()));
        Router memory = after.routers().get(receiver).owning(lane);
        return after.with(receiver, memory.open().isThere() ? memory : memory.with(before));
    }
}
