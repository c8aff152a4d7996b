package openledger.bench.faults;

import java.util.Optional;
import java.util.function.Function;
import openledger.bench.faults.FaultClient.Door;
import openledger.bench.faults.FaultedGateway.Run;
import openledger.bench.faults.FaultedGateway.Start;
import openledger.bench.faults.FaultedGateway.Way;
import openledger.bench.peers.PeerInstall;
import openledger.demo.ChildProcess;

/** The start of a peer of {@code make peers-faults} that serves all cells. */
final class SharedStart {
    private SharedStart() {}

    /** Waits for a gateway that serves all cells; one that does not come up is absent, with its own last words. */
    static Start await(ChildProcess process, String url, Function<FaultCell, Door> doors) throws InterruptedException {
        Optional<String> absent = PeerInstall.await(process, url);
        return absent.isPresent()
                ? new Start.Absent(absent.get())
                : new Start.Running(new Run() {
                    @Override
                    public Way way(FaultCell cell) {
                        return new Way(doors.apply(cell), () -> {});
                    }

                    @Override
                    public void close() {
                        process.close();
                    }
                });
    }
}
