package openledger.routing.choice;

import java.util.List;
import openledger.routing.Target;

/** How a target of a tier is chosen for a request in fast mode. */
@FunctionalInterface
public interface TargetChoice {
    /**
     * The index of the chosen target, or -1 if none has a free slot. One that was tried in this round is chosen only if no other has
     * one.
     *
     * @param targets at most 64
     * @param loads the load of each, same order
     * @param tried bit i set: target i was tried in this round
     */
    int choose(List<Target> targets, List<TargetLoad> loads, long tried);
}
