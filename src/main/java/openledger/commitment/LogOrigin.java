package openledger.commitment;

import openledger.unit.Address;
import openledger.unit.LaneId;

/** The name of a log that its operator has given none: it follows from what the lane is, and stays wherever the router runs. */
public final class LogOrigin {
    private LogOrigin() {}

    public static String of(long chainId, Address registry, LaneId lane) {
        return "eip155-" + chainId + "." + registry + "/openledger/lane/" + lane.value();
    }
}
