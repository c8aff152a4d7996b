package openledger.wiring;

import io.vertx.core.Context;
import openledger.commitment.LaneSecret;
import openledger.settlement.PlanConfirmations;
import openledger.settlement.ReceiptPorts;
import openledger.settlement.Sequencer;

/**
 * What settles, while it runs.
 *
 * @param confirmations what the chain says of plans
 * @param secret the lane's
 * @param home the event loop that the sequencer lives on
 */
record Settlement(
        Sequencer sequencer, ReceiptPorts ports, PlanConfirmations confirmations, LaneSecret secret, Context home) {
    void start() {
        home.runOnContext(go -> sequencer.start());
    }

    void stop() {
        home.runOnContext(go -> sequencer.stop());
    }
}
