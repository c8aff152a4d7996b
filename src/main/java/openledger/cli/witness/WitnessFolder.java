package openledger.cli.witness;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.HexFormat;
import java.util.Optional;
import java.util.stream.Stream;
import openledger.archive.DurableFile;
import openledger.commitment.leaf.RequestDigest;
import openledger.commitment.log.SignedNote;
import openledger.commitment.witness.Witness;

/**
 * What a witness remembers, in a folder of its own: a file for each log with the checkpoint that was cosigned last, and a folder {@code
 * evidence} with pairs that cannot both be of one log, up to {@link #MOST_PAIRS} of each log. A file is whole and on the disk before a call
 * returns. One process at a time. Confined to one thread.
 */
public final class WitnessFolder implements Witness.Memory, AutoCloseable {
    /** One pair convicts a log; who signs many must not fill the disk. */
    static final int MOST_PAIRS = 100;

    private final Path folder;
    private final Path evidence;
    private final FileChannel channel;
    private final FileLock lock;

    private WitnessFolder(Path folder, FileChannel channel, FileLock lock) {
        this.folder = folder;
        this.evidence = folder.resolve("evidence");
        this.channel = channel;
        this.lock = lock;
    }

    /**
     * Opens a folder, made if there is none.
     *
     * @throws IOException if it cannot be written, or another process has it
     */
    public static WitnessFolder open(Path folder) throws IOException {
        Files.createDirectories(folder.resolve("evidence"));
        FileChannel channel =
                FileChannel.open(folder.resolve("lock"), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
        FileLock lock = channel.tryLock();
        if (lock == null) {
            channel.close();
            throw new IOException("another witness uses " + folder);
        }
        return new WitnessFolder(folder, channel, lock);
    }

    @Override
    public Optional<SignedNote> newest(String origin) {
        Path file = folder.resolve(name(origin) + ".checkpoint");
        try {
            return Files.exists(file) ? Optional.of(SignedNote.parse(Files.readString(file))) : Optional.empty();
        } catch (IOException e) {
            throw new UncheckedIOException("cannot read " + file, e);
        }
    }

    @Override
    public void keep(String origin, SignedNote checkpoint) {
        write(folder.resolve(name(origin) + ".checkpoint"), checkpoint.toString());
    }

    @Override
    public void splitView(String origin, SignedNote one, SignedNote other) {
        // Named by what the log has signed: other signatures anyone can add.
        Path file = evidence.resolve(name(origin) + "-" + name(one.text() + "\n" + other.text()));
        if (!Files.exists(file) && pairs(origin) < MOST_PAIRS) {
            write(file, one + "\n\n" + other);
        }
    }

    private long pairs(String origin) {
        try (Stream<Path> files = Files.list(evidence)) {
            return files.filter(file -> file.getFileName().toString().startsWith(name(origin)))
                    .count();
        } catch (IOException e) {
            throw new UncheckedIOException("cannot read " + evidence, e);
        }
    }

    private static void write(Path file, String text) {
        try {
            DurableFile.replace(file, text.getBytes(StandardCharsets.UTF_8));
        } catch (IOException e) {
            throw new UncheckedIOException("cannot write " + file, e);
        }
    }

    /** An origin is any line, so its hash names the file. */
    private static String name(String text) {
        return HexFormat.of().formatHex(RequestDigest.of(text.getBytes(StandardCharsets.UTF_8)));
    }

    @Override
    public void close() throws IOException {
        lock.release();
        channel.close();
    }
}
