package openledger.audit;

import java.util.List;

/**
 * What a replay has found.
 *
 * @param batches that were read
 * @param leaves that were read and held against the published rules
 * @param unjudged of these, leaves of routes whose published rules were not had: they could be held against some rules only
 * @param snapshots that were allocated again
 * @param plans leaves of plans that were compared
 * @param outcomes leaves of confirmed requests that had a plan among these
 * @param left requests that were open in a snapshot and, without a plan, not in the next: their clients had gone
 * @param exhausted requests that spent their budget while they were held
 * @param pending plans that the allocator gives for the last snapshot and whose leaves are in batches to come
 * @param differences in the order of the snapshots
 */
public record ReplayReport(
        int batches,
        long leaves,
        long unjudged,
        long snapshots,
        long plans,
        long outcomes,
        long left,
        long exhausted,
        long pending,
        List<Difference> differences) {
    public ReplayReport {
        differences = List.copyOf(differences);
    }
}
