package openledger.wiring;

import io.vertx.core.Context;
import openledger.settlement.PlanConfirmations;
import openledger.settlement.ReceiptPorts;
import openledger.settlement.Sequencer;

/**
 * What settles, while it runs.
 *
 * @param confirmations what the chain says of plans
 * @param home the event loop that the sequencer lives on
 */
record Settlement(Sequencer sequencer, ReceiptPorts ports, PlanConfirmations confirmations, Context home) {
    void start() {
        home.runOnContext(go -> sequencer.start());
    }

    void stop() {
        home.runOnContext(go -> sequencer.stop());
    }
}
