package openledger.routing;

import java.util.List;

/**
 * The pinned targets of a confirmed request. Immutable.
 *
 * @param snapshot number of the snapshot it was made from
 * @param arrival number of the snapshot that ended the request's epoch of arrival, where its retry grid begins
 * @param turn the request's place in the public order
 * @param deficit of its tenant then
 * @param rank among the open requests, from 0
 * @param open how many requests were open
 * @param spent attempts spent before the first pinned one
 * @param places target id for each attempt of the budget, {@code places.get(k)} for attempt k + 1; what stands before {@code
 *     spent} was passed while the request was held; at most 8
 */
public record Plan(
        long snapshot, long arrival, long turn, long deficit, int rank, int open, int spent, List<Integer> places) {
    public Plan {
        if (spent < 0 || spent >= places.size()) {
            throw new IllegalArgumentException("a plan has a place for each attempt that is left: " + spent);
        }
        places = List.copyOf(places);
    }

    /** Target id of the first attempt that was pinned. */
    public int first() {
        return places.get(spent);
    }

    /** Target id of an attempt, counted from 1. */
    public int target(int attempt) {
        return places.get(attempt - 1);
    }
}
