package openledger.settlement;

import openledger.settlement.confirm.ConfirmationRegistry;
import openledger.settlement.cut.BatchAssembly;
import openledger.settlement.cut.DecisionSource;
import openledger.settlement.cut.PlanSource;
import openledger.settlement.ledger.Ledger;
import openledger.settlement.receipt.Batches;
import openledger.settlement.receipt.Policies;

/**
 * The ports of a sequencer.
 *
 * @param assembly makes the batches of our lane
 * @param batches to read back leaves that are posted
 * @param registry those that wait for plans
 * @param listener called for everything that happens to the lane; the registry is among those it stands for
 */
public record SequencerPorts(
        DecisionSource decisions,
        PlanSource plans,
        BatchAssembly assembly,
        Policies policies,
        BatchStore store,
        Batches batches,
        Ledger ledger,
        ConfirmationRegistry registry,
        LaneListener listener) {}
