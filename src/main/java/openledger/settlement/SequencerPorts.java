package openledger.settlement;

/** What a sequencer needs of the outside. */
public record SequencerPorts(
        DecisionSource decisions,
        Assembly assembly,
        Policies policies,
        BatchStore store,
        Batches batches,
        Ledger ledger,
        LevelWaiters levels,
        SettlementMetrics metrics,
        StepHook hook) {}
