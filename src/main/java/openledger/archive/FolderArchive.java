package openledger.archive;

import java.io.IOException;
import java.io.InputStream;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.file.AtomicMoveNotSupportedException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.Optional;
import java.util.concurrent.ThreadLocalRandom;
import java.util.regex.Pattern;
import openledger.settlement.log.LogArchive;

/**
 * An archive in a folder, a file an object. A file is written beside its name and renamed once it is on the disk; one that ends in {@code
 * .new} is left over from a process that was killed. The lock on {@code .lock} is held for a renaming, and ends with its process. Any server
 * of static files can serve the folder. Thread-safe.
 */
public final class FolderArchive implements LogArchive {
    /** Names come from numbers; this is so that no mistake elsewhere leads out of the folder. */
    private static final Pattern NAME = Pattern.compile("[a-z0-9][a-z0-9.]*(/[a-z0-9][a-z0-9.]*)*");

    private static final String LOCK = ".lock";
    /** A lock on a file is of the whole process. */
    private static final Object OURS = new Object();

    private final Path root;

    /** The archive in a folder, which is made when something is written. */
    public FolderArchive(Path root) {
        this.root = root.toAbsolutePath().normalize();
    }

    @Override
    public Optional<byte[]> read(String name, int most) throws IOException {
        Path file = file(name);
        if (!Files.isRegularFile(file)) {
            if (isThere(file)) {
                throw new IOException(file + " is no file");
            }
            return Optional.empty();
        }
        try (InputStream in = Files.newInputStream(file)) {
            byte[] content = in.readNBytes(most);
            if (in.read() >= 0) {
                throw new IOException(file + " is longer than " + most + " bytes");
            }
            return Optional.of(content);
        }
    }

    @Override
    public boolean write(String name, Optional<byte[]> before, byte[] content) throws IOException {
        Path file = file(name);
        Path folder = file.resolveSibling("");
        folders(folder);
        String random = HexFormat.of().toHexDigits(ThreadLocalRandom.current().nextInt());
        Path whole = file.resolveSibling(file.getFileName() + "." + random + ".new");
        try {
            DurableFile.write(whole, content, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE);
            if (!renamed(whole, file, before)) {
                return false;
            }
        } catch (AtomicMoveNotSupportedException e) {
            throw new IOException(folder + " is on a file system that cannot rename at once", e);
        } finally {
            Files.deleteIfExists(whole);
        }
        DurableFile.forceNames(folder);
        return true;
    }

    /** Between the look and the renaming no other exporter does either. */
    private boolean renamed(Path whole, Path file, Optional<byte[]> before) throws IOException {
        synchronized (OURS) {
            try (FileChannel lock =
                            FileChannel.open(root.resolve(LOCK), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
                    FileLock held = lock.lock()) {
                boolean isAsBefore = held.isValid() && (before.isPresent() ? has(file, before.get()) : !isThere(file));
                if (isAsBefore) {
                    Files.move(whole, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
                }
                return isAsBefore;
            }
        }
    }

    private static boolean has(Path file, byte[] content) throws IOException {
        return Files.isRegularFile(file)
                && Files.size(file) == content.length
                && Arrays.equals(Files.readAllBytes(file), content);
    }

    private static boolean isThere(Path file) {
        return Files.exists(file, LinkOption.NOFOLLOW_LINKS);
    }

    private void folders(Path folder) throws IOException {
        if (!Files.isDirectory(folder)) {
            Path above = folder.getParent();
            if (above != null) {
                folders(above);
                Files.createDirectories(folder);
                DurableFile.forceNames(above);
            }
        }
    }

    private Path file(String name) throws IOException {
        if (!NAME.matcher(name).matches()) {
            throw new IOException("no name of an object: " + name);
        }
        return root.resolve(name);
    }

    @Override
    public String toString() {
        return root.toString();
    }
}
