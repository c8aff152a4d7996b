package openledger.audit.court;

import static openledger.audit.court.FakeCourt.LANE;
import static org.assertj.core.api.Assertions.assertThat;

import io.smallrye.mutiny.Uni;
import java.lang.reflect.Proxy;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import openledger.commitment.LeafPromise;
import openledger.commitment.RegistryDomain;
import openledger.settlement.receipt.Batches;
import org.junit.jupiter.api.Test;

/** Who is answered when, if there are very many games, or a node is wrong about the time. */
final class DefenceTest {
    private static final long NOW = 1_000_000;

    private final FakeCourt court = new FakeCourt();
    private Instant clock = Instant.ofEpochSecond(NOW);
    private final Defence defence = new Defence(
            court,
            Optional.empty(),
            new AnswerFinder(
                    nothingKept(),
                    court,
                    new RegistryDomain(901, court.vault()),
                    LANE,
                    LeafPromise.LONGEST,
                    Runnable::run),
            result -> {},
            () -> clock);

    private static Batches nothingKept() {
        return (Batches) Proxy.newProxyInstance(
                DefenceTest.class.getClassLoader(), new Class<?>[] {Batches.class}, (proxy, method, arguments) -> {
                    assertThat(method.getName()).isEqualTo("batch");
                    return Uni.createFrom().item(Optional.empty());
                });
    }

    private void step() {
        StakeView view = new StakeWatch(court, LANE).step().await().indefinitely();
        defence.step(view).await().indefinitely();
    }

    @Test
    void aNodeThatIsWrongAboutTheTimeDoesNotSilenceIt() {
        court.open(1, 10, NOW + FakeCourt.RESPONSE);
        court.time = new ChainTime(1_000, Long.MAX_VALUE / 4, 900, 600);
        step();
        assertThat(court.lookedUp).hasSize(1);

        court.time = new ChainTime(1_001, NOW + 30, 900, 600);
        step();
        assertThat(court.lookedUp).hasSize(2);
    }

    @Test
    void theMostUrgentComesAgainBeforeTheLastOfThousands() {
        for (int i = 0; i < 1_000; i++) {
            court.open(i, 10, NOW + 100_000 + i);
        }
        // Each takes a minute.
        court.lookingUp = () -> clock = clock.plus(Duration.ofMinutes(1));

        step();
        assertThat(court.lookedUp).hasSize(10).doesNotHaveDuplicates();
        assertThat(court.lookedUp.getFirst()).isEqualTo(FakeCourt.id(0));
        step();
        assertThat(court.lookedUp.subList(10, 20)).contains(FakeCourt.id(0));
    }

    @Test
    void whatNothingAnswersDoesNotKeepOthersFromTheirTurn() {
        for (int i = 0; i < 40; i++) {
            court.open(i, 10, NOW + 200_000 + i);
        }
        court.lookingUp = () -> clock = clock.plus(Duration.ofMinutes(1));

        for (int i = 0; i < 60; i++) {
            step();
        }

        assertThat(List.copyOf(court.lookedUp)).contains(FakeCourt.id(39));
    }
}
