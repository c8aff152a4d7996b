package openledger.wiring;

import io.vertx.core.Context;
import java.util.Optional;
import openledger.commitment.leaf.LaneSecret;
import openledger.settlement.Sequencer;
import openledger.settlement.confirm.LaneStanding;
import openledger.settlement.receipt.ReceiptPorts;
import openledger.settlement.witness.Cosigning;

/**
 * What settles, while it runs.
 *
 * @param confirmations what the chain says of plans
 * @param secret the lane's
 * @param cosigning empty if the log has no witnesses
 * @param home the event loop that the sequencer lives on
 */
public record Settlement(
        Sequencer sequencer,
        ReceiptPorts ports,
        LaneStanding confirmations,
        LaneSecret secret,
        Optional<Cosigning> cosigning,
        Context home) {
    void start() {
        home.runOnContext(go -> sequencer.start());
    }

    void stop() {
        home.runOnContext(go -> {
            sequencer.stop();
            cosigning.ifPresent(Cosigning::stop);
        });
    }
}
