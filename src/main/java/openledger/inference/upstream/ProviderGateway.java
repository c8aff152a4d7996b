package openledger.inference.upstream;

import io.smallrye.mutiny.Uni;
import java.util.List;
import java.util.Map;
import openledger.budget.AttemptPermit;
import openledger.inference.admission.RequestBody;
import openledger.routing.Operation;
import openledger.routing.Route;
import openledger.routing.Target;
import openledger.routing.choice.TargetLoad;

/** Port: the way to the providers. Safe for several threads. */
public interface ProviderGateway {
    /** The live view of a target; the same object for the life of the policy. */
    TargetLoad load(Target target);

    /**
     * How the targets of a route are reached now. A request keeps it, so that a policy that comes later changes nothing for it.
     *
     * @param route of the policy in force or of the one before it
     */
    ProviderView viewOf(Route route);

    /**
     * A tenant asks for a route. What the failures of another tenant alone have closed is open to it, and for a while to all.
     */
    default void asked(String tenant, Route route) {}

    /** How often a provider has said so far that the operator's account there is at fault, by what is wrong with it. */
    default Map<AccountFault, Long> accountFaults(String provider) {
        return Map.of();
    }

    /** How we stand with the limits of a target's provider, as far as its answers have said it. */
    default Map<LimitKind, LimitStanding> limits(Target target) {
        return Map.of();
    }

    /** In how many other languages a body of that operation is said to the targets of a route: it is there once more for each. */
    default int translations(ProviderView view, Route route, Operation operation) {
        return 0;
    }

    /**
     * Which targets of its route a request cannot be put to, because their dialect has no word for a member of it.
     */
    ClosedTargets closedTo(ProviderView view, Route route, Operation operation, RequestBody body);

    /** A member of a body that cannot be said in a target's language, and what to do about it. */
    record Objection(String member, String message) {}

    /**
     * Makes one attempt: reserves a slot, calls, and completes with the first content of an answer, a rejection or a
     * failure. Lazy and total: nothing happens before the subscription, nothing is ever thrown, and the Uni fails only for a
     * bug, with the slot given back. Cancelling the subscription cancels the call and gives the slot
     * back at once. After {@link CallResult.Answered} the slot is held until the body has ended or was cancelled.
     */
    Uni<CallResult> call(AttemptPermit permit, Target target, UpstreamRequest request);

    /**
     * Takes free slots of a target before it is known who will use them: they count as in flight, for both modes, until used
     * or released. None if the target is closed.
     *
     * @param most how many at most, 0 or more
     */
    List<ClaimedSlot> claim(Target target, int most);

    /**
     * Lines up for a slot of a target that will be needed soon: no claim and no call takes it first.
     *
     * @param turn the earliest is served first, between equals who came first
     */
    SlotTicket await(Target target, long turn);
}
