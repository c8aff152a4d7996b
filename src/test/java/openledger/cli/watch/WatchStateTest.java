package openledger.cli.watch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import openledger.audit.charge.HeadWatch;
import openledger.commitment.HeadSigning;
import openledger.commitment.LaneHead;
import openledger.unit.Address;
import openledger.unit.Hash32;
import openledger.unit.LaneId;
import openledger.unit.Wei;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What an auditor must not forget. */
final class WatchStateTest {
    private static final long NOW = 1_800_000_000;
    private static final long DAY = 86_400;

    @TempDir
    Path folder;

    private WatchState open() throws IOException {
        return WatchState.open(Optional.of(folder.resolve("state")));
    }

    @Test
    void whatWasAboutToBeSpentCountsAfterACrash() throws IOException {
        byte[] secret;
        try (WatchState state = open()) {
            secret = state.secret();
            state.about(Wei.of(70), NOW);
            state.about(Wei.of(50), NOW).at(Wei.of(20));
        }
        try (WatchState again = open()) {
            assertThat(again.spent(NOW + 1)).isEqualTo(Wei.of(90));
            assertThat(again.spent(NOW + DAY)).isEqualTo(Wei.ZERO);
            assertThat(again.secret()).isEqualTo(secret);
        }
    }

    @Test
    void headsAreKept() throws IOException {
        LaneId lane = new LaneId(3);
        HeadWatch watch = new HeadWatch(lane);
        watch.keep(HeadSigning.sign(
                901, Address.of(new byte[Address.BYTES]), new LaneHead(3, 9, Hash32.ZERO), HeadSigning.KEY));
        try (WatchState state = open()) {
            state.keep(watch);
        }
        try (WatchState again = open()) {
            assertThat(again.heads()).hasSize(1);
            assertThat(again.heads().getFirst().recovered()).contains(HeadSigning.SIGNER);
        }
    }

    @Test
    void oneProcessHasAFolder() throws IOException {
        try (WatchState state = open()) {
            assertThat(state.heads()).isEmpty();
            assertThatThrownBy(this::open).isInstanceOf(IOException.class).hasMessageContaining("another");
        }
    }

    @Test
    void aDamagedStateIsNotTakenForANewOne() throws IOException {
        Files.createDirectories(folder.resolve("state"));
        Files.writeString(folder.resolve("state/state.json"), "{\"secret\":\"zz\"}");

        assertThatThrownBy(this::open).isInstanceOf(IOException.class);
    }
}
