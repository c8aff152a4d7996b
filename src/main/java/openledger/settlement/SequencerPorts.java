package openledger.settlement;

import openledger.settlement.confirm.LevelWaiters;
import openledger.settlement.confirm.PlanConfirmations;
import openledger.settlement.cut.BatchAssembly;
import openledger.settlement.cut.DecisionSource;
import openledger.settlement.cut.PlanSource;
import openledger.settlement.ledger.Ledger;
import openledger.settlement.receipt.Batches;
import openledger.settlement.receipt.Policies;

/**
 * What a sequencer needs of the outside.
 *
 * @param assembly makes the batches of our lane
 * @param batches to read back leaves that are posted
 * @param levels told of each step
 * @param confirmations told of each step
 */
public record SequencerPorts(
        DecisionSource decisions,
        PlanSource plans,
        BatchAssembly assembly,
        Policies policies,
        BatchStore store,
        Batches batches,
        Ledger ledger,
        LevelWaiters levels,
        PlanConfirmations confirmations,
        SettlementMetrics metrics,
        Failpoint hook) {}
