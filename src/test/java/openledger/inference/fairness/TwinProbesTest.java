package openledger.inference.fairness;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import openledger.fairness.Proportion;
import openledger.fairness.Slo;
import openledger.inference.CurrentPolicy;
import openledger.inference.FakePorts;
import openledger.inference.admission.Admission;
import openledger.inference.record.Intent;
import openledger.inference.upstream.CallResult;
import openledger.routing.Policy;
import openledger.routing.Route;
import openledger.routing.TestRoutes;
import openledger.routing.Trigger;
import org.junit.jupiter.api.Test;

final class TwinProbesTest {
    private final FakePorts ports = new FakePorts();
    private final Route route = TestRoutes.of(1, 1);
    private final CurrentPolicy policy = new CurrentPolicy(new Policy(List.of(), Map.of(route.name(), route)));
    private final FairnessBoard board = new FairnessBoard((tenant, when) -> 0, ports.clock);

    @Test
    void twinsThatGotTheSameTierAgree() {
        answerBoth(FakePorts.answered(new FakePorts.Answer()), FakePorts.answered(new FakePorts.Answer()));

        assertThat(twins()).isEqualTo(new Proportion(1, 1));
        assertThat(ports.journal.intents).hasSize(2).extracting(Intent::tenant).containsExactly("~twin-1", "~twin-2");
    }

    @Test
    void twinsThatGotDifferentTiersDoNot() {
        answerBoth(FakePorts.answered(new FakePorts.Answer()), FakePorts.failed(Trigger.RATE_LIMITED));

        assertThat(twins()).isEqualTo(new Proportion(0, 1));
    }

    @Test
    void aPairThatWasTurnedAwaySaysNothing() {
        ports.journal.full = true;

        probes(10).probe();

        assertThat(board.series()).isEmpty();
    }

    @Test
    void theDayHasACap() {
        TwinProbes probes = probes(2);
        for (int i = 0; i < 5; i++) {
            probes.probe();
        }
        assertThat(ports.journal.intents).hasSize(4);

        ports.clock.advance(Duration.ofDays(1));
        probes.probe();

        assertThat(ports.journal.intents).hasSize(6);
    }

    private void answerBoth(CallResult first, CallResult second) {
        ports.providers.script.add(first);
        ports.providers.script.add(second);
        // Where the second has failed, its next tier answers.
        ports.providers.script.add(FakePorts.answered(new FakePorts.Answer()));
        probes(10).probe();
    }

    private TwinProbes probes(int perDay) {
        return new TwinProbes(
                new Admission(policy, 8, Optional.empty()),
                ports.service,
                policy,
                board,
                ports.clock,
                new TwinSettings(60, perDay));
    }

    private Proportion twins() {
        assertThat(board.series()).hasSize(1);
        return java.util.Objects.requireNonNull(
                board.series().getFirst().sinceStart().get(Slo.TWINS_AGREE));
    }
}
