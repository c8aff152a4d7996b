package openledger.settlement.log;

import java.io.IOException;
import java.util.HexFormat;
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
    private int interruptedAt;
    private Others others = () -> {};

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

    /** What others do there. */
    @FunctionalInterface
    interface Others {
        void act() throws IOException;
    }

    /** Just before that write, counted from 1, others do something; 0 for never. */
    void interruptAt(int write, Others acting) {
        writes = 0;
        interruptedAt = write;
        others = acting;
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
    public boolean write(String name, Optional<byte[]> before, byte[] content) throws IOException {
        writes++;
        if (writes == interruptedAt) {
            others.act();
        }
        if (!hex(Optional.ofNullable(objects.get(name))).equals(hex(before))) {
            return false;
        }
        if (writes == killedAt && moment == Moment.BEFORE) {
            throw new IOException("killed");
        }
        objects.put(name, content.clone());
        if (writes == killedAt) {
            throw new IOException("killed");
        }
        return true;
    }

    private static Optional<String> hex(Optional<byte[]> content) {
        return content.map(HexFormat.of()::formatHex);
    }
}
