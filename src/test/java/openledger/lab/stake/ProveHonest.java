package openledger.lab.stake;

import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.IntStream;
import openledger.settlement.cut.CutBatch;
import openledger.settlement.cut.HonestJudge;
import openledger.settlement.cut.HonestRouter;

/**
 * Holds a million leaves of honest lanes of the lab against the rule book, and leaves of every kind of end beside them; and as many lanes
 * whose operator is lazy once, so that a judge that finds nothing is found out. Ends with 0 if and only if no honest leaf is convicted and
 * every lazy act is.
 */
public final class ProveHonest {
    private static final long WANTED = 1_000_000;
    private static final int ROUTERS = 20;
    private static final int REQUESTS = 6_000;

    private ProveHonest() {}

    /** One lane, honest and then lazy once. */
    private record Lane(long leaves, long convicted, boolean isLazyFound) {
        static Lane of(double load, long seed) {
            StakeLane lane = StakeLane.of(load, seed);
            OneStepProofs honest = OneStepProofs.of(lane.publish(StakeLane.Pen.HONEST));
            List<StakeLane.Chance> once = lane.chances(1).stream()
                    .filter(StakeLane.Chance::leavesTrace)
                    .limit(1)
                    .toList();
            Set<?> lazy = OneStepProofs.of(lane.publish(StakeLane.lazyAt(once))).convicted();
            return new Lane(
                    honest.leaves(),
                    honest.convicted().size() + honest.unplanned().size(),
                    lazy.size() == once.size());
        }
    }

    /** Takes no arguments. */
    public static void main(String[] arguments) {
        long started = System.nanoTime();
        long leaves = 0;
        long convicted = 0;
        long missed = 0;
        long lanes = 0;
        for (long seed = 1; leaves < WANTED; seed++) {
            long of = seed;
            List<Lane> judged = HonestLanes.LOADS.parallelStream()
                    .map(load -> Lane.of(load, of))
                    .toList();
            leaves += judged.stream().mapToLong(Lane::leaves).sum();
            convicted += judged.stream().mapToLong(Lane::convicted).sum();
            missed += judged.stream().filter(lane -> !lane.isLazyFound).count();
            lanes += judged.size();
            System.out.printf(
                    "seed %d: %,d leaves, %d convicted, %d lazy acts missed%n", seed, leaves, convicted, missed);
        }
        List<HonestJudge> routers = IntStream.rangeClosed(1, ROUTERS)
                .parallel()
                .mapToObj(ProveHonest::router)
                .toList();
        long others = routers.stream().mapToLong(HonestJudge::leaves).sum();
        convicted +=
                routers.stream().mapToLong(judge -> judge.breaches().size()).sum();
        System.out.printf("%.0f s%n", (System.nanoTime() - started) / 1e9);
        System.out.printf(
                "figure: %,d honest leaves of %d lanes of the lab and %,d of every kind of end: %d convicted; of %d lazy acts %d found%n",
                leaves, lanes, others, convicted, lanes, lanes - missed);
        System.exit(convicted == 0 && missed == 0 ? 0 : 1);
    }

    private static HonestJudge router(int seed) {
        HonestRouter router = new HonestRouter(seed, REQUESTS);
        HonestJudge judge = new HonestJudge();
        for (Optional<CutBatch> cut = router.next(); cut.isPresent(); cut = router.next()) {
            judge.take(cut.orElseThrow());
        }
        return judge;
    }
}
