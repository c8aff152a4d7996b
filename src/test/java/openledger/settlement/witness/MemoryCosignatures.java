package openledger.settlement.witness;

import io.smallrye.mutiny.Uni;
import java.time.Instant;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Objects;
import java.util.Optional;
import java.util.TreeMap;
import openledger.commitment.log.Checkpoint;
import openledger.commitment.log.NoteKey;

/** Cosignatures in memory, all of them. Confined to one thread. */
final class MemoryCosignatures implements Cosignatures {
    private final List<NoteKey> witnesses;
    private final int quorum;
    final NavigableMap<Long, Map<NoteKey, String>> lines = new TreeMap<>();
    private final Map<Long, Checkpoint> checkpoints = new HashMap<>();
    /** Whether the database is away. */
    boolean isAway;

    MemoryCosignatures(List<NoteKey> witnesses, int quorum) {
        this.witnesses = witnesses;
        this.quorum = quorum;
    }

    @Override
    public Uni<Void> keep(Checkpoint checkpoint, NoteKey witness, String line, Instant at) {
        if (isAway) {
            return Uni.createFrom().failure(new IllegalStateException("the database is away"));
        }
        checkpoints.put(checkpoint.size(), checkpoint);
        lines.computeIfAbsent(checkpoint.size(), first -> new LinkedHashMap<>()).put(witness, line);
        return Uni.createFrom().voidItem();
    }

    @Override
    public Uni<Extent> extent() {
        Map<NoteKey, Long> sizes = new HashMap<>();
        lines.forEach((size, their) -> their.keySet().forEach(key -> sizes.put(key, size)));
        long witnessed = lines.descendingMap().entrySet().stream()
                .filter(entry -> entry.getValue().size() >= quorum)
                .findFirst()
                .map(Map.Entry::getKey)
                .orElse(0L);
        return isAway
                ? Uni.createFrom().failure(new IllegalStateException("the database is away"))
                : Uni.createFrom().item(new Extent(sizes, witnessed));
    }

    @Override
    public Uni<List<String>> of(Checkpoint checkpoint) {
        return Uni.createFrom().item(ordered(checkpoint.size()));
    }

    @Override
    public Uni<Optional<Cosigned>> covering(long index) {
        Comparator<Map.Entry<Long, Map<NoteKey, String>>> most = Comparator.comparingInt(
                entry -> -Math.min(quorum, entry.getValue().size()));
        return Uni.createFrom()
                .item(lines.tailMap(index, false).entrySet().stream()
                        .min(most.thenComparing(Map.Entry::getKey))
                        .map(entry -> new Cosigned(
                                Objects.requireNonNull(checkpoints.get(entry.getKey())), ordered(entry.getKey()))));
    }

    private List<String> ordered(long size) {
        Map<NoteKey, String> their = lines.getOrDefault(size, Map.of());
        return witnesses.stream().filter(their::containsKey).map(their::get).toList();
    }
}
