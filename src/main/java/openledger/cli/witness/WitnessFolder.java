package openledger.cli.witness;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.Optional;
import openledger.commitment.log.SignedNote;
import openledger.commitment.witness.Witness;

/**
 * What a witness remembers, in a folder of its own: a file for each log with the checkpoint that was cosigned last, and a folder {@code
 * evidence} with pairs that cannot both be of one log. A file is whole and on the disk before a call returns. One process at a time. Confined
 * to one thread.
 */
public final class WitnessFolder implements Witness.Memory, AutoCloseable {
    private final Path folder;
    private final FileChannel channel;
    private final FileLock lock;

    private WitnessFolder(Path folder, FileChannel channel, FileLock lock) {
        this.folder = folder;
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
        String both = one + "\n\n" + other;
        write(folder.resolve("evidence").resolve(name(origin) + "-" + name(both).substring(0, 16)), both);
    }

    private void write(Path file, String text) {
        Path whole = file.resolveSibling(file.getFileName() + ".new");
        try {
            try (FileChannel out = FileChannel.open(
                    whole, StandardOpenOption.CREATE, StandardOpenOption.TRUNCATE_EXISTING, StandardOpenOption.WRITE)) {
                ByteBuffer bytes = ByteBuffer.wrap(text.getBytes(StandardCharsets.UTF_8));
                while (bytes.hasRemaining()) {
                    out.write(bytes);
                }
                out.force(true);
            }
            Files.move(whole, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
            // The new name has to be on the disk as well.
            try (FileChannel names = FileChannel.open(file.toAbsolutePath().getParent(), StandardOpenOption.READ)) {
                names.force(true);
            }
        } catch (IOException e) {
            throw new UncheckedIOException("cannot write " + file, e);
        }
    }

    /** An origin is any line, so its hash names the file. */
    private static String name(String text) {
        try {
            return HexFormat.of()
                    .formatHex(MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8)));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform has SHA-256", e);
        }
    }

    @Override
    public void close() throws IOException {
        lock.release();
        channel.close();
    }
}
