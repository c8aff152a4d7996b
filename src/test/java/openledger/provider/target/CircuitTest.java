package openledger.provider.target;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.Random;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

/** When a target is closed for everybody, and that no tenant alone can bring it about. */
final class CircuitTest {
    private static final int VOLUME = 20;
    private static final Duration DELAY = Duration.ofSeconds(5);
    private static final Duration HOUR = Duration.ofHours(1);

    private final AtomicLong now = new AtomicLong(Long.MAX_VALUE - 1_000);
    private final Circuit circuit = new Circuit(new CircuitSettings(VOLUME, 0.5, DELAY, HOUR), now::get);

    @Test
    void theOnlyTenantsFailuresOpenIt() {
        fail("only", VOLUME - 1);
        assertThat(circuit.isPassable()).isTrue();

        fail("only", 1);

        assertThat(circuit.isPassable()).isFalse();
        assertThat(circuit.enter("only")).isFalse();
    }

    @Test
    void whatOneTenantAloneHasOpenedClosesWhenAnotherAsks() {
        fail("poison", 25);
        assertThat(circuit.isPassable()).isFalse();
        circuit.asked("poison");
        assertThat(circuit.isPassable()).isFalse();

        circuit.asked("honest");

        assertThat(circuit.isPassable()).isTrue();
        fail("poison", 200);
        assertThat(circuit.isPassable()).isTrue();
        assertThat(circuit.enter("honest")).isTrue();
    }

    @Test
    void oneTenantsFailuresNeverOpenItWhileAnotherIsServed() {
        for (int seed = 0; seed < 200; seed++) {
            Random random = new Random(seed);
            AtomicLong time = new AtomicLong(random.nextLong());
            Circuit shared = new Circuit(new CircuitSettings(VOLUME, 0.5, DELAY, HOUR), time::get);
            int share = 1 + random.nextInt(40);
            for (int call = 0; call < 500; call++) {
                time.addAndGet(Duration.ofMillis(random.nextInt(400)).toNanos());
                boolean poison = call > 0 && random.nextInt(share) > 0;
                // An honest call fails as well now and then.
                boolean fails = poison || random.nextInt(20) == 0;
                String tenant = poison ? "poison" : "honest-" + random.nextInt(3);
                shared.asked(tenant);
                assertThat(poison || shared.enter(tenant)).as("seed %d", seed).isTrue();
                if (!poison || shared.enter(tenant)) {
                    end(shared, time, tenant, fails);
                }
            }
        }
    }

    @Test
    void failuresOfSeveralTenantsOpenItHoweverUnevenTheyAre() {
        for (int share = 1; share <= 50; share++) {
            Circuit shared = new Circuit(new CircuitSettings(VOLUME, 0.5, DELAY, HOUR), now::get);
            int light = 0;
            while (shared.isPassable() && light < VOLUME) {
                end(shared, now, "light", true);
                for (int i = 0; i < share; i++) {
                    end(shared, now, "heavy", true);
                }
                light++;
            }
            assertThat(shared.isPassable()).as("share %d", share).isFalse();
            shared.asked("light");
            shared.asked("third");
            assertThat(shared.isPassable()).isFalse();
        }
    }

    @Test
    void anOpenCircuitLetsOneCallThroughAfterTheDelayAndTheFirstAnsweredOneClosesIt() {
        fail("only", VOLUME);
        pass(DELAY);
        assertThat(circuit.enter("only")).isTrue();
        assertThat(circuit.enter("only")).isFalse();
        circuit.failed("only");
        assertThat(circuit.isPassable()).isFalse();

        pass(DELAY);
        long began = now.get();
        assertThat(circuit.enter("only")).isTrue();
        circuit.answered("only", began);

        assertThat(circuit.isPassable()).isTrue();
        assertThat(circuit.enter("only")).isTrue();
    }

    @Test
    void aTryThatSaysNothingIsFollowedByAnother() {
        circuit.openFor(HOUR);
        pass(HOUR);
        assertThat(circuit.enter("only")).isTrue();

        pass(DELAY);

        assertThat(circuit.enter("only")).isTrue();
    }

    @Test
    void anAnswerToACallThatBeganBeforeItOpenedDoesNotCloseIt() {
        long early = now.get();
        pass(Duration.ofSeconds(1));
        fail("only", VOLUME);

        circuit.answered("only", early);

        assertThat(circuit.isPassable()).isFalse();
    }

    @Test
    void aTenantWhoseTryHasFailedLetsAnotherTryFirst() {
        circuit.enter("honest");
        circuit.openFor(HOUR);
        pass(HOUR.minus(Duration.ofSeconds(1)));
        circuit.enter("honest");
        pass(Duration.ofSeconds(1));
        assertThat(circuit.enter("poison")).isTrue();
        circuit.failed("poison");
        pass(DELAY);

        assertThat(circuit.enter("poison")).isFalse();
        assertThat(circuit.enter("honest")).isTrue();
    }

    private void fail(String tenant, int times) {
        for (int i = 0; i < times; i++) {
            end(circuit, now, tenant, true);
        }
    }

    private static void end(Circuit of, AtomicLong time, String tenant, boolean fails) {
        if (!of.enter(tenant)) {
            return;
        }
        if (fails) {
            of.failed(tenant);
        } else {
            of.answered(tenant, time.get());
        }
    }

    private void pass(Duration by) {
        now.addAndGet(by.toNanos());
    }
}
