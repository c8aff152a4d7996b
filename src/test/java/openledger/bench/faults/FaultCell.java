package openledger.bench.faults;

import java.io.IOException;
import openledger.bench.faults.FaultClient.Door;
import openledger.bench.faults.UpstreamFault.Right;
import openledger.bench.faults.UpstreamFault.Shape;

/**
 * A fault before one gateway: the first target, which has it, the second, which has none, and what the client saw. Used by one thread
 * at a time.
 */
final class FaultCell implements AutoCloseable {
    /** Gateways that take turns meet the first target every second time, once they have got to know it. */
    private static final int MOST_REQUESTS = 40;

    private static final int PAUSE_MILLIS = 100;
    /** Whoever has been there so often and met no dead connection keeps none, or notices. */
    private static final int VISITS = 3;

    private final UpstreamFault fault;
    private final FaultyUpstream first;
    private final FaultyUpstream second;
    private final double pace;
    private int callsBefore;
    private FaultVerdict verdict = new FaultVerdict(FaultVerdict.Result.LOST, "was not asked");

    private FaultCell(UpstreamFault fault, FaultyUpstream first, FaultyUpstream second, double pace) {
        this.fault = fault;
        this.first = first;
        this.second = second;
        this.pace = pace;
    }

    /** @param pace by which each pause is multiplied */
    static FaultCell start(UpstreamFault fault, double pace) throws IOException {
        return new FaultCell(
                fault,
                FaultyUpstream.start(fault.script(), pace),
                FaultyUpstream.start(second(fault.shape()), pace),
                pace);
    }

    private static UpstreamFault.Script second(Shape shape) {
        return switch (shape) {
            case DOCUMENT ->
                reply -> reply.document("200 OK", "application/json", ProviderWords.document(ProviderWords.SECOND));
            case STREAM -> reply -> reply.stream(ProviderWords.stream(ProviderWords.SECOND));
            case STREAM_WITH_USAGE -> reply -> reply.stream(ProviderWords.streamWithUsage(ProviderWords.SECOND));
        };
    }

    UpstreamFault fault() {
        return fault;
    }

    int firstPort() {
        return first.port();
    }

    int secondPort() {
        return second.port();
    }

    /** Asks until a request has met the fault, and judges that one; fails if none does. */
    void ask(FaultClient client, Door door) throws IOException, InterruptedException {
        for (int request = 0; request < MOST_REQUESTS; request++) {
            callsBefore = calls();
            verdict = FaultVerdict.of(fault, client.ask(door, fault.shape()));
            if (first.struck() > 0 || (fault.right() == Right.ANY_ANSWER && first.calls() >= VISITS)) {
                return;
            }
            Thread.sleep((long) (PAUSE_MILLIS * pace));
        }
        throw new IOException("no request met the fault: " + fault.name());
    }

    FaultVerdict verdict() {
        return verdict;
    }

    /** Calls of both targets for the request that was judged, also those that came after the client had left. */
    int callsForIt() {
        return calls() - callsBefore;
    }

    private int calls() {
        return first.calls() + second.calls();
    }

    @Override
    public void close() throws IOException {
        first.close();
        second.close();
    }
}
