package openledger.settlement.log;

import java.io.IOException;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.ConcurrentSkipListMap;

/** An archive in memory, whose process may be killed. */
public final class MemoryArchive implements LogArchive {
    public final Map<String, byte[]> objects = new ConcurrentSkipListMap<>();
    private int writes;
    private int killedAt = Integer.MAX_VALUE;
    private Moment moment = Moment.BEFORE;

    /** Whether what was being written is there. */
    public enum Moment {
        BEFORE,
        AFTER
    }

    /** What is under a name that there is. */
    public byte[] at(String name) {
        return Objects.requireNonNull(objects.get(name), name);
    }

    /** The process is killed at that write, counted from 1. */
    void killAt(int write, Moment when) {
        writes = 0;
        killedAt = write;
        moment = when;
    }

    int writes() {
        return writes;
    }

    @Override
    public Optional<byte[]> read(String name, int most) throws IOException {
        byte[] there = objects.get(name);
        if (there != null && there.length > most) {
            throw new IOException(name + " is longer than " + most + " bytes");
        }
        return Optional.ofNullable(there).map(byte[]::clone);
    }

    @Override
    public void write(String name, byte[] content) throws IOException {
        writes++;
        if (writes == killedAt && moment == Moment.BEFORE) {
            throw new IOException("killed");
        }
        objects.put(name, content.clone());
        if (writes == killedAt) {
            throw new IOException("killed");
        }
    }
}
