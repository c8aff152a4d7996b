package openledger.lab.engine;

import java.util.List;

/**
 * The outcome of a run.
 *
 * @param fates of all requests, in no order that means anything
 * @param unused share of the free best-tier slots of all snapshots that were given to nobody although a request waited, 0 to 1
 */
public record RunOutcome(List<RequestResult> fates, double unused) {
    public RunOutcome {
        fates = List.copyOf(fates);
    }
}
