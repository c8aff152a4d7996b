package openledger.settlement;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.stream.IntStream;
import openledger.commitment.LeafMode;
import openledger.fairness.Attribution;
import openledger.inference.AnswerForm;
import openledger.inference.AttemptRecord;
import openledger.inference.Decision;
import openledger.inference.Intent;
import openledger.inference.TimeSplit;
import openledger.routing.DecisionStatus;
import openledger.routing.Operation;
import openledger.routing.Trigger;
import openledger.settlement.DecisionSource.Placed;
import openledger.unit.RequestId;
import openledger.unit.RouteId;

/** Decisions as a router makes them, from a seed. */
public final class TestDecisions {
    public static final long LANE = 7;

    private static final long MORNING = 1_795_600_000_000L;

    private TestDecisions() {}

    /** So many decisions, counters from {@code first}, ending in another order than they began. */
    public static List<Placed> placed(int count, long first, long seed) {
        Random random = new Random(seed);
        List<Placed> placed = new ArrayList<>(count);
        for (int i = 0; i < count; i++) {
            boolean paired = i % 2 == 1 || i + 1 < count;
            long counter = first + (paired ? i ^ 1 : i);
            placed.add(new Placed(decision(random, counter), new JournalPlace(1, 2 * (i + 1))));
        }
        return placed;
    }

    /** One decision: usually served at once, sometimes a fall-back or exhausted. */
    public static Decision decision(Random random, long counter) {
        int spent = random.nextInt(10) == 0 ? random.nextInt(1, 5) : 1;
        boolean exhausted = spent == 4 && random.nextBoolean();
        DecisionStatus status =
                exhausted ? DecisionStatus.EXHAUSTED : spent == 4 ? DecisionStatus.FELL_BACK : DecisionStatus.SERVED;
        List<AttemptRecord> attempts = IntStream.rangeClosed(1, spent)
                .mapToObj(number -> new AttemptRecord(
                        number,
                        number == 4 ? 1 : 0,
                        number - 1,
                        number == spent && !exhausted ? Trigger.NONE : Trigger.RATE_LIMITED,
                        number == spent && !exhausted ? 200 : 429,
                        1_000L * number,
                        900,
                        "req-" + counter + "-" + number))
                .toList();
        return new Decision(
                new RequestId(LANE, counter),
                new Intent(
                        MORNING + counter,
                        "tenant-" + random.nextInt(40),
                        new RouteId(random.nextInt(4)),
                        Operation.CHAT,
                        LeafMode.FAST,
                        4,
                        AnswerForm.STREAM,
                        bytes(random),
                        "",
                        ""),
                status,
                attempts,
                random.nextInt(3),
                0,
                exhausted ? Decision.NO_TIER : spent == 4 ? 1 : 0,
                exhausted ? 0xffff : spent - 1,
                spent > 1 ? Trigger.RATE_LIMITED : Trigger.NONE,
                status == DecisionStatus.SERVED ? Attribution.NONE : Attribution.SLOW,
                random.nextInt(5),
                new TimeSplit(120, 0, 900, 40, 350_000, 351_060, 0, 0),
                exhausted ? new byte[Decision.DIGEST_BYTES] : bytes(random),
                LeafMode.FAST,
                Optional.empty());
    }

    private static byte[] bytes(Random random) {
        byte[] bytes = new byte[Decision.DIGEST_BYTES];
        random.nextBytes(bytes);
        return bytes;
    }
}
