package openledger.cli.watch;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.math.BigInteger;
import java.nio.channels.FileChannel;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import openledger.archive.DurableFile;
import openledger.audit.charge.HeadWatch;
import openledger.commitment.LaneHead;
import openledger.commitment.SignedHead;
import openledger.unit.Address;
import openledger.unit.Hash32;
import openledger.unit.Wei;
import org.jspecify.annotations.Nullable;

/**
 * What an auditor must not forget: what it has spent, the secret that its places follow from, and heads that it was shown. All else is on
 * the chain. What is about to be spent is on the disk before it is sent, so that a crash never spends it twice. Blocks. Confined to one
 * thread; one process a folder.
 */
final class WatchState implements AutoCloseable {
    private static final int SECRET_BYTES = 32;
    private static final int LARGEST = 16 << 20;
    private static final long DAY_SECONDS = 86_400;
    private static final ObjectMapper JSON = new ObjectMapper();

    private final Optional<Path> file;
    private final @Nullable FileChannel lock;
    private byte[] secret = new byte[SECRET_BYTES];
    private final List<Spending> spendings = new ArrayList<>();
    private List<SignedHead> heads = List.of();

    /** Wei that left the account, or may have, at a time (Unix s). */
    private static final class Spending {
        private final long at;
        private BigInteger wei;

        Spending(long at, BigInteger wei) {
            this.at = at;
            this.wei = wei;
        }
    }

    private WatchState(Optional<Path> file, @Nullable FileChannel lock) {
        this.file = file;
        this.lock = lock;
        new SecureRandom().nextBytes(secret);
    }

    /**
     * Reads it, or begins it.
     *
     * @throws IOException if another process has the folder, or it cannot be read or written
     */
    static WatchState open(Optional<Path> folder) throws IOException {
        if (folder.isEmpty()) {
            return new WatchState(Optional.empty(), null);
        }
        Files.createDirectories(folder.get());
        FileChannel lock =
                FileChannel.open(folder.get().resolve("lock"), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
        try {
            if (lock.tryLock() == null) {
                throw new IOException("another process uses " + folder.get());
            }
        } catch (OverlappingFileLockException e) {
            throw new IOException("another auditor uses " + folder.get(), e);
        }
        WatchState state = new WatchState(Optional.of(folder.get().resolve("state.json")), lock);
        state.read();
        return state;
    }

    private void read() throws IOException {
        Path from = file.orElseThrow();
        if (!Files.exists(from)) {
            save();
            return;
        }
        if (Files.size(from) > LARGEST) {
            throw new IOException(from + " is too large");
        }
        try {
            JsonNode node = JSON.readTree(Files.readAllBytes(from));
            secret = HexFormat.of().parseHex(node.path("secret").asText());
            for (JsonNode one : node.path("spent")) {
                spendings.add(new Spending(
                        one.path("at").asLong(), new BigInteger(one.path("wei").asText())));
            }
            List<SignedHead> read = new ArrayList<>();
            for (JsonNode head : node.path("heads")) {
                read.add(head(head));
            }
            heads = read;
        } catch (IllegalArgumentException | IndexOutOfBoundsException unreadable) {
            throw new IOException(from + " is damaged: " + unreadable.getMessage(), unreadable);
        }
    }

    private static SignedHead head(JsonNode node) {
        return new SignedHead(
                node.path("chain_id").asLong(),
                Address.parse(node.path("registry").asText()),
                new LaneHead(
                        node.path("lane").asLong(),
                        node.path("sequence").asLong(),
                        Hash32.parse(node.path("head").asText())),
                HexFormat.of().parseHex(node.path("signature").asText().substring(2)),
                Address.parse(node.path("signer").asText()));
    }

    private void save() throws IOException {
        if (file.isEmpty()) {
            return;
        }
        ObjectNode node = JSON.createObjectNode().put("secret", HexFormat.of().formatHex(secret));
        ArrayNode spent = node.putArray("spent");
        spendings.forEach(one -> spent.addObject().put("at", one.at).put("wei", one.wei.toString()));
        ArrayNode shown = node.putArray("heads");
        for (SignedHead head : heads) {
            shown.addObject()
                    .put("chain_id", head.chainId())
                    .put("registry", head.registry().toString())
                    .put("lane", head.head().lane())
                    .put("sequence", head.head().sequence())
                    .put("head", head.head().head().toString())
                    .put("signature", head.signatureText())
                    .put("signer", head.signer().toString());
        }
        DurableFile.replace(file.get(), JSON.writeValueAsBytes(node));
    }

    /** From which places follow that nobody else can know. */
    byte[] secret() {
        return secret.clone();
    }

    /** Heads that were kept. */
    List<SignedHead> heads() {
        return heads;
    }

    /** Keeps heads. */
    void keep(HeadWatch watch) throws IOException {
        heads = watch.all();
        save();
    }

    /**
     * What has left the account, or may have.
     *
     * @param now Unix s; what is a day older does not count any more
     */
    Wei spent(long now) {
        spendings.removeIf(one -> one.at <= now - DAY_SECONDS);
        return new Wei(spendings.stream().map(one -> one.wei).reduce(BigInteger.ZERO, BigInteger::add));
    }

    /** Takes note of what is about to be spent, before it is; returns what is to be told what it really was. */
    Settling about(Wei most, long now) throws IOException {
        Spending spending = new Spending(now, most.value());
        spendings.add(spending);
        save();
        return really -> {
            spending.wei = really.value();
            save();
        };
    }

    /** What was really spent. */
    @FunctionalInterface
    interface Settling {
        void at(Wei really) throws IOException;
    }

    @Override
    public void close() throws IOException {
        if (lock != null) {
            lock.close();
        }
    }
}
