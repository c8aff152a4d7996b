package openledger.settlement.witness;

import io.smallrye.mutiny.Uni;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import openledger.commitment.log.ConsistencyPath;
import openledger.commitment.log.HashedEntries;
import openledger.commitment.log.InclusionPath;
import openledger.commitment.log.TilePath;
import openledger.settlement.log.LogReads;

/** A log in memory that a test lets grow, or replaces by a fork of it. Confined to one thread. */
final class GrowingLog implements LogReads {
    private final List<byte[]> entries = new ArrayList<>();
    /** How often its head was read. */
    int looks;

    /** With so many entries more. */
    void grow(int count) {
        grow(count, "entry ");
    }

    /** From a size on, another log. */
    void fork(int at, int count) {
        entries.subList(at, entries.size()).clear();
        grow(count, "forked ");
    }

    private void grow(int count, String what) {
        for (int i = 0; i < count; i++) {
            entries.add((what + entries.size()).getBytes(StandardCharsets.UTF_8));
        }
    }

    byte[] entry(int index) {
        return entries.get(index);
    }

    Head head() {
        return entries.isEmpty() ? Head.EMPTY : new Head(entries.size(), hashed().root());
    }

    private HashedEntries hashed() {
        return new HashedEntries(entries);
    }

    @Override
    public Uni<Head> newest() {
        looks++;
        return Uni.createFrom().item(head());
    }

    @Override
    public Uni<InclusionPath> inclusion(long index, long size) {
        return Uni.createFrom().item(hashed().inclusion(index, size));
    }

    @Override
    public Uni<ConsistencyPath> consistency(long earlier, long size) {
        return Uni.createFrom().item(hashed().consistency(earlier, size));
    }

    @Override
    public Uni<Optional<byte[]>> tile(TilePath path) {
        throw new UnsupportedOperationException("witnesses need no tiles");
    }

    @Override
    public Uni<Optional<byte[]>> leaves(long first, int count) {
        throw new UnsupportedOperationException("witnesses need no leaves");
    }
}
