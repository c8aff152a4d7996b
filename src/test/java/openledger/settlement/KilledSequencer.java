package openledger.settlement;

import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import openledger.settlement.LaneListener.Step;
import openledger.store.SettlementDatabase;
import openledger.unit.Address;

/** A process whose sequencer works until it has passed a step so many times, and is gone in that moment. */
final class KilledSequencer {
    /** As after SIGKILL. */
    static final int KILLED = 137;

    static final int NEVER_PASSED = 3;
    /** Short, for whoever comes next has to wait for its end. */
    static final Duration LEASE = Duration.ofMillis(1_500);

    private static final Duration LONGEST = Duration.ofSeconds(40);

    private KilledSequencer() {}

    /** The arguments of {@link #main}. */
    static List<String> arguments(
            SettlementDatabase database, long lane, URI rpc, Address registry, Step step, int passing) {
        return List.of(
                database.url(),
                Long.toString(lane),
                rpc.toString(),
                registry.toString(),
                step.name(),
                Integer.toString(passing));
    }

    @SuppressWarnings("SystemExitOutsideMain") // it has to end without any hook
    public static void main(String[] arguments) throws Exception {
        Step last = Step.valueOf(arguments[4]);
        AtomicInteger left = new AtomicInteger(Integer.parseInt(arguments[5]));
        StepListener killer = new StepListener(step -> {
            if (step == last && left.decrementAndGet() == 0) {
                Runtime.getRuntime().halt(KILLED);
            }
        });
        SettledLane lane = new SettledLane(
                SettlementDatabase.at(arguments[0]),
                Long.parseLong(arguments[1]),
                URI.create(arguments[2]),
                Address.parse(arguments[3]),
                killer,
                LEASE);
        lane.start();
        Thread.sleep(LONGEST);
        Runtime.getRuntime().halt(NEVER_PASSED);
    }
}
