package openledger.cli.watch;

import java.io.IOException;
import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import openledger.archive.DurableFile;
import openledger.audit.charge.BatchContent;
import openledger.audit.charge.MisrouteFinder;
import openledger.audit.court.LaneChain.Committed;
import openledger.unit.Hash32;

/**
 * Batches that were read, so that who stops serving one cannot hide it: in a folder, or the newest in memory. What a file has is held
 * against the chain as if it were served. Blocks. Confined to one thread.
 */
final class BatchFolder implements MisrouteFinder.Shelf {
    private static final int MOST_FILES = 20_000;
    private static final int MOST_IN_MEMORY = 256;
    private static final int MOST_COMMITTED = 200_000;
    private static final String ENDING = ".batch";

    private final Optional<Path> folder;
    private final Map<Long, BatchContent> memory = new LinkedHashMap<>();
    private final Map<Long, Committed> committed = new LinkedHashMap<>();
    private final Deque<Path> files = new ArrayDeque<>();

    /** @throws IOException if the folder cannot be used */
    BatchFolder(Optional<Path> folder) throws IOException {
        this.folder = folder;
        if (folder.isPresent()) {
            Files.createDirectories(folder.get());
            try (Stream<Path> there = Files.list(folder.get())) {
                there.filter(file -> file.toString().endsWith(ENDING)).sorted().forEach(files::add);
            }
        }
    }

    /** What the chain has under a number; what was kept under it is of that batch or worth nothing. */
    void committed(Committed batch) {
        committed.put(batch.header().sequence(), batch);
        memory.remove(batch.header().sequence());
        trim(committed, MOST_COMMITTED);
    }

    private static void trim(Map<Long, ?> map, int most) {
        if (map.size() > most) {
            map.remove(map.keySet().iterator().next());
        }
    }

    void put(BatchContent content) throws IOException {
        long sequence = content.committed().header().sequence();
        memory.put(sequence, content);
        trim(memory, MOST_IN_MEMORY);
        if (folder.isPresent()) {
            Path file = file(folder.get(), sequence);
            if (!Files.exists(file)) {
                files.add(file);
            }
            ByteBuffer bytes = ByteBuffer.allocate(1 + content.before().size() * Hash32.BYTES + content.bytes().length);
            bytes.put((byte) content.before().size());
            content.before().forEach(tree -> bytes.put(tree.bytes()));
            DurableFile.replace(file, bytes.put(content.bytes()).array());
            while (files.size() > MOST_FILES) {
                Files.deleteIfExists(files.removeFirst());
            }
        }
    }

    @Override
    public Optional<BatchContent> batch(long sequence) {
        Committed chain = committed.get(sequence);
        BatchContent known = memory.get(sequence);
        if (chain == null || known != null) {
            return Optional.ofNullable(known);
        }
        return folder.flatMap(kept -> read(file(kept, sequence), chain));
    }

    private static Optional<BatchContent> read(Path file, Committed chain) {
        try {
            if (!Files.exists(file)) {
                return Optional.empty();
            }
            ByteBuffer bytes = ByteBuffer.wrap(Files.readAllBytes(file));
            List<Hash32> before = new ArrayList<>();
            int trees = bytes.get();
            for (int i = 0; i < trees; i++) {
                byte[] tree = new byte[Hash32.BYTES];
                bytes.get(tree);
                before.add(Hash32.of(tree));
            }
            byte[] leaves = new byte[bytes.remaining()];
            bytes.get(leaves);
            return BatchContent.of(chain, before, leaves);
        } catch (IOException | BufferUnderflowException unreadable) {
            return Optional.empty();
        }
    }

    private static Path file(Path folder, long sequence) {
        return folder.resolve(String.format("%019d%s", sequence, ENDING));
    }
}
