package openledger.settlement;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import openledger.demo.AnvilNode;
import openledger.settlement.LaneListener.Step;
import openledger.store.SettlementDatabase;
import openledger.unit.Address;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * A process that is gone between any two steps, with a real database and a real chain. The next one brings everything to the
 * chain: no leaf lost, none twice, no gap, and the registry's head is the database's.
 */
final class KilledSequencerTest {
    private static final AtomicLong NEXT_LANE = new AtomicLong(500);
    private static final int BATCH = 50;
    private static final int DEEP = 12;

    private static SettlementDatabase database;
    private static AnvilNode chain;
    private static Address registry;

    @TempDir
    private static Path folder;

    @BeforeAll
    static void start() throws IOException, InterruptedException {
        database = SettlementDatabase.start();
        chain = AnvilNode.start(folder.resolve("chain"), Duration.ofMillis(250), AnvilNode.State.FORGOTTEN);
        registry = ChainFaultsTest.deploy(database, chain);
    }

    @AfterAll
    static void stop() throws IOException {
        chain.close();
        database.close();
    }

    @ParameterizedTest
    @EnumSource(Step.class)
    void whatAProcessLeavesAfterAnyStepTheNextBringsToTheChain(Step step) throws Exception {
        killedAndStartedAgain(step, 1);
    }

    @ParameterizedTest
    @CsvSource({
        "ASSEMBLED, 2",
        "CUT_STORED, 3",
        "SIGNED, 3",
        "SIGNED_STORED, 2",
        "SENT, 3",
        "ANSWERED, 2",
        "LEVELS_STORED, 2"
    })
    void soItIsInTheMidstOfLaterBatches(Step step, int passing) throws Exception {
        killedAndStartedAgain(step, passing);
    }

    private static void killedAndStartedAgain(Step step, int passing) throws Exception {
        long number = NEXT_LANE.incrementAndGet();
        try (SettledLane lane =
                new SettledLane(database, number, chain.rpc(), registry, LaneListener.NONE, KilledSequencer.LEASE)) {
            for (int batch = 0; batch < 3; batch++) {
                lane.decide(BATCH);
            }
            Path log = folder.resolve(step + "-" + passing + ".log");
            Process process = sequencer(number, step, passing, log);
            try {
                if (step == Step.DEMOTED_STORED) {
                    reorgOnceSettled(lane, process);
                }
                assertThat(process.waitFor()).as("%s", Files.readString(log)).isEqualTo(KilledSequencer.KILLED);
            } finally {
                process.destroyForcibly();
            }
            lane.decide(BATCH);
            lane.start();
            lane.settle();
        }
    }

    private static void reorgOnceSettled(SettledLane lane, Process process) throws Exception {
        while (process.isAlive() && !lane.isSettled()) {
            Thread.sleep(50);
        }
        chain.reorg(DEEP);
    }

    private static Process sequencer(long lane, Step step, int passing, Path log) throws IOException {
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "--enable-native-access=ALL-UNNAMED",
                "--sun-misc-unsafe-memory-access=allow",
                "-XX:+UseSerialGC",
                "-XX:TieredStopAtLevel=1",
                "-Xmx256m",
                "-cp",
                System.getProperty("java.class.path"),
                KilledSequencer.class.getName()));
        command.addAll(KilledSequencer.arguments(database, lane, chain.rpc(), registry, step, passing));
        return new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(log.toFile())
                .start();
    }
}
