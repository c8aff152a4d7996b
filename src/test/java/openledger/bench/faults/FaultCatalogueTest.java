package openledger.bench.faults;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIOException;

import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import openledger.bench.faults.FaultClient.Door;
import openledger.bench.faults.FaultVerdict.Result;
import openledger.bench.faults.UpstreamFault.Kind;
import openledger.bench.faults.UpstreamFault.Right;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The catalogue without a gateway: a client that asks the faulty provider itself sees what the catalogue says of it. */
final class FaultCatalogueTest {
    /** Pauses are of no interest here. */
    private static final double PACE = 0.001;

    @Test
    void hasFortyFaultsOfEveryKindWithNamesOfTheirOwn() {
        List<UpstreamFault> all = FaultCatalogue.all();

        assertThat(all).hasSize(40);
        assertThat(all.stream().map(UpstreamFault::name)).doesNotHaveDuplicates();
        assertThat(all.stream().map(UpstreamFault::kind)).contains(Kind.values());
        assertThat(all.stream().map(UpstreamFault::right)).contains(Right.values());
    }

    static Stream<UpstreamFault> good() {
        return FaultCatalogue.all().stream().filter(fault -> fault.right() == Right.ARRIVES);
    }

    @ParameterizedTest
    @MethodSource
    void good(UpstreamFault fault) throws IOException, InterruptedException {
        assertThat(askedDirectly(fault)).isEqualTo(new Asked(Result.RIGHT, 1));
    }

    static Stream<UpstreamFault> bad() {
        return FaultCatalogue.all().stream().filter(fault -> fault.right() == Right.SECOND_ANSWERS);
    }

    @ParameterizedTest
    @MethodSource
    void bad(UpstreamFault fault) throws IOException, InterruptedException {
        Asked asked = askedDirectly(fault);

        assertThat(asked.result()).isIn(Result.BAD_SERVED, Result.AVOIDABLE_ERROR);
        assertThat(asked.calls()).isOne();
    }

    @Test
    void aDeadConnectionIsMetOnceOneIsReusedAndSeesNoCall() throws IOException, InterruptedException {
        for (UpstreamFault fault : FaultCatalogue.all().stream()
                .filter(each -> each.right() == Right.ANY_ANSWER)
                .toList()) {
            try (FaultCell cell = FaultCell.start(fault, PACE);
                    FaultClient client = new FaultClient(Duration.ofSeconds(10))) {
                cell.ask(client, new Door(cell.firstPort(), ProviderWords.MODEL, Map.of()));

                assertThat(cell.verdict().result()).as(fault.name()).isEqualTo(Result.LOST);
                assertThat(cell.callsForIt()).as(fault.name()).isZero();
            }
        }
    }

    @ParameterizedTest
    @MethodSource("good")
    void whatTheSecondTargetSaysIsGood(UpstreamFault fault) throws IOException, InterruptedException {
        try (FaultCell cell = FaultCell.start(fault, PACE);
                FaultClient client = new FaultClient(Duration.ofSeconds(10))) {
            ClientView view = client.ask(new Door(cell.secondPort(), ProviderWords.MODEL, Map.of()), fault.shape());

            assertThat(ReadAnswer.of(view.text(), fault.shape())).isEqualTo(new ReadAnswer.Good(ProviderWords.SECOND));
        }
    }

    @Test
    void aGatewayThatNeverCallsTheFaultyTargetIsNotJudged() throws IOException {
        UpstreamFault fault = FaultCatalogue.all().getFirst();
        try (FaultCell cell = FaultCell.start(fault, PACE);
                FaultClient client = new FaultClient(Duration.ofSeconds(10))) {
            Door past = new Door(cell.secondPort(), ProviderWords.MODEL, Map.of());

            assertThatIOException().isThrownBy(() -> cell.ask(client, past)).withMessageContaining(fault.name());
        }
    }

    private static Asked askedDirectly(UpstreamFault fault) throws IOException, InterruptedException {
        try (FaultCell cell = FaultCell.start(fault, PACE);
                FaultClient client = new FaultClient(Duration.ofSeconds(10))) {
            cell.ask(client, new Door(cell.firstPort(), ProviderWords.MODEL, Map.of()));
            return new Asked(cell.verdict().result(), cell.callsForIt());
        }
    }

    private record Asked(Result result, int calls) {}
}
