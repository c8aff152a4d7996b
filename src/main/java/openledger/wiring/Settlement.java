package openledger.wiring;

import io.vertx.core.Context;
import openledger.commitment.leaf.LaneSecret;
import openledger.settlement.Sequencer;
import openledger.settlement.confirm.LaneStanding;
import openledger.settlement.receipt.ReceiptPorts;

/**
 * What settles, while it runs.
 *
 * @param confirmations what the chain says of plans
 * @param secret the lane's
 * @param home the event loop that the sequencer lives on
 */
public record Settlement(
        Sequencer sequencer, ReceiptPorts ports, LaneStanding confirmations, LaneSecret secret, Context home) {
    void start() {
        home.runOnContext(go -> sequencer.start());
    }

    void stop() {
        home.runOnContext(go -> sequencer.stop());
    }
}
