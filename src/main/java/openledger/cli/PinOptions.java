package openledger.cli;

import java.util.Optional;
import java.util.OptionalLong;
import openledger.commitment.verify.LogPins;
import openledger.commitment.verify.ReceiptVerification.Pins;
import openledger.commitment.verify.ReceiptVerification.Pins.OtherLanes;
import openledger.unit.Address;
import openledger.unit.LaneId;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** What receipts must be of, as options of a command. */
@Command // what is mixed in has to have something of a command
final class PinOptions {
    @Option(names = "--chain-id", paramLabel = "N", description = "Id of the chain that batches must be on.")
    private Optional<Long> chainId = Optional.empty();

    @Option(
            names = "--registry",
            paramLabel = "ADDRESS",
            description =
                    "The registry that batches must be in, 0x....; default: the one that ships with this program.")
    private Optional<String> registry = Optional.empty();

    @Option(names = "--lane", paramLabel = "N", description = "The lane that batches must belong to.")
    private Optional<Long> lane = Optional.empty();

    @Option(names = "--lane-owner", paramLabel = "ADDRESS", description = "The account that must own the lane, 0x....")
    private Optional<String> laneOwner = Optional.empty();

    @Option(names = "--any-lane", description = "Accept any lane.")
    private boolean anyLane;

    boolean isLaneGiven() {
        return anyLane || lane.isPresent() || laneOwner.isPresent();
    }

    boolean isAnythingGiven() {
        return isLaneGiven() || chainId.isPresent() || registry.isPresent();
    }

    /** The pins; a mistake is wrong usage. */
    Pins pins(LogPins log, Console console) {
        if (anyLane && (lane.isPresent() || laneOwner.isPresent())) {
            throw console.usage("--any-lane cannot be combined with --lane or --lane-owner.");
        }
        try {
            return new Pins(
                    chainId.map(OptionalLong::of).orElseGet(OptionalLong::empty),
                    registry.map(Address::parse),
                    lane.map(LaneId::new),
                    laneOwner.map(Address::parse),
                    anyLane ? OtherLanes.ALLOWED : OtherLanes.UNCHECKED,
                    log);
        } catch (IllegalArgumentException e) {
            throw console.usage(
                    "--registry and --lane-owner must be 0x and 40 hexadecimal digits, --lane a positive number.");
        }
    }
}
