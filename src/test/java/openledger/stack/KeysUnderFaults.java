package openledger.stack;

import java.io.IOException;
import java.time.Duration;
import java.util.Random;

/**
 * T2 and T4: keys are sent again and again while routers are killed, or suspended for longer than their leases last and then go on as if no
 * time had passed. The judge is the provider, which counts calls. Confined to one thread.
 */
final class KeysUnderFaults {
    private static final int KEYS = 3_000;
    private static final int KEYS_A_SECOND = 40;
    private static final Duration BETWEEN = Duration.ofSeconds(5);
    private static final Duration KILLED = Duration.ofSeconds(3);
    private static final Duration SUSPENDED = Duration.ofSeconds(30);
    /** So that much is under way when a router stops. */
    private static final long SLOW_MILLIS = 250;

    private final ClusterStack stack;
    private final Random random = new Random(2);

    KeysUnderFaults(ClusterStack stack) {
        this.stack = stack;
    }

    /** What befalls a router. */
    enum Fault {
        /** SIGKILL, and a start three seconds later. */
        KILLED,
        /** SIGSTOP, and SIGCONT half a minute later. */
        SUSPENDED
    }

    /**
     * What was seen.
     *
     * @param faults routers that it befell
     */
    record Verdict(int faults, ClusterResends.Verdict keys) {}

    /** Until all has been sent and answered. */
    Verdict run(Fault fault, int budget) throws IOException, InterruptedException {
        int faults = 0;
        stack.provider().serviceMillis(SLOW_MILLIS);
        try (ClusterResends resends =
                ClusterResends.start(stack.balancer().address(), fault.name().charAt(0), KEYS, KEYS_A_SECOND)) {
            while (!resends.isOver()) {
                Thread.sleep(BETWEEN);
                befall(stack.routers().get(random.nextInt(stack.routers().size())), fault);
                faults++;
            }
            return new Verdict(faults, resends.verdict(stack.provider(), budget));
        } finally {
            stack.provider().serviceMillis(ClusterStack.SERVICE_MILLIS);
        }
    }

    private static void befall(ClusterRouter router, Fault fault) throws IOException, InterruptedException {
        switch (fault) {
            case KILLED -> {
                router.kill();
                Thread.sleep(KILLED);
                router.start();
                router.awaitReady();
            }
            case SUSPENDED -> {
                int restarts = router.restarts();
                router.suspend();
                Thread.sleep(SUSPENDED);
                router.resume();
                long until = System.nanoTime() + SUSPENDED.toNanos();
                while (router.restarts() == restarts && System.nanoTime() < until) {
                    Thread.sleep(20);
                }
                if (router.restarts() == restarts) {
                    throw new IOException(router.name() + " went on with a lane that was another's");
                }
                router.awaitReady();
            }
        }
    }
}
