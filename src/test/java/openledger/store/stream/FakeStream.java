package openledger.store.stream;

import io.smallrye.mutiny.Uni;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import openledger.stream.DecisionStream;
import openledger.stream.DecisionStreams;
import openledger.stream.StreamBatch;
import openledger.stream.StreamCursor;
import openledger.stream.StreamLost;
import openledger.stream.StreamRecord;
import openledger.unit.LaneId;

/** Topics in memory that fail as brokers do: nothing is there, or all of it is and nobody is told. Thread-safe. */
public final class FakeStream implements DecisionStreams {
    private final Random random = new Random(5);
    private final List<StreamRecord> records = new ArrayList<>();
    private final Map<LaneId, StreamCursor> cursors = new HashMap<>();
    private final Map<LaneId, Integer> epochs = new HashMap<>();
    private int failingPercent;
    private boolean isAway;
    private int writes;
    private int unanswered;

    @Override
    public DecisionStream of(LaneId lane) {
        return new Part(lane);
    }

    /** How many of a hundred calls fail. */
    public synchronized void failing(int percent) {
        failingPercent = percent;
    }

    /** Whether it answers anybody. */
    public synchronized void away(boolean away) {
        isAway = away;
    }

    /** What is there. */
    public synchronized List<StreamRecord> records() {
        return List.copyOf(records);
    }

    synchronized List<String> keys() {
        return records.stream().map(StreamRecord::key).toList();
    }

    synchronized Optional<StreamCursor> cursor(LaneId lane) {
        return Optional.ofNullable(cursors.get(lane));
    }

    synchronized void cursor(LaneId lane, StreamCursor cursor) {
        cursors.put(lane, cursor);
    }

    synchronized int writes() {
        return writes;
    }

    /** Batches that are there, and whose writer was told that they are not. */
    synchronized int unanswered() {
        return unanswered;
    }

    private synchronized int take(LaneId lane) {
        fail("begin");
        return epochs.merge(lane, 1, Integer::sum);
    }

    private synchronized void commit(LaneId lane, int epoch, StreamBatch batch) {
        fail("before");
        if (epochs.getOrDefault(lane, 0) != epoch) {
            throw new StreamLost(new IllegalStateException("fenced"));
        }
        writes++;
        records.addAll(batch.records());
        cursors.put(lane, batch.end());
        unanswered++;
        fail("after");
        unanswered--;
    }

    private void fail(String when) {
        if (isAway || random.nextInt(100) < failingPercent) {
            throw new IllegalStateException("no answer, " + when);
        }
    }

    private final class Part implements DecisionStream {
        private final LaneId lane;
        private volatile int epoch;

        Part(LaneId lane) {
            this.lane = lane;
        }

        @Override
        public Uni<Optional<StreamCursor>> begin() {
            return Uni.createFrom().item(() -> {
                epoch = take(lane);
                return cursor(lane);
            });
        }

        @Override
        public Uni<Void> write(StreamBatch batch) {
            return Uni.createFrom().item(() -> {
                commit(lane, epoch, batch);
                return null;
            });
        }

        @Override
        public void end() {
            epoch = 0;
        }
    }
}
