package openledger.settlement;

/**
 * What a sequencer needs of the outside.
 *
 * @param assembly makes the batches of our lane
 * @param batches to read back leaves that are posted
 * @param levels told of each step
 */
public record SequencerPorts(
        DecisionSource decisions,
        BatchAssembly assembly,
        Policies policies,
        BatchStore store,
        Batches batches,
        Ledger ledger,
        LevelWaiters levels,
        SettlementMetrics metrics,
        StepHook hook) {}
