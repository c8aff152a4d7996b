package openledger.archive;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.OpenOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;

/** Files that are whole or not there, whatever ends the process or the machine. Blocks. */
public final class DurableFile {
    private DurableFile() {}

    /**
     * Puts a file into the place of what has its name. A second file stands beside it meanwhile, so one writer at a time.
     *
     * @throws IOException if it is not on the disk
     */
    public static void replace(Path file, byte[] content) throws IOException {
        Path whole = file.resolveSibling(file.getFileName() + ".new");
        write(
                whole,
                content,
                StandardOpenOption.CREATE,
                StandardOpenOption.TRUNCATE_EXISTING,
                StandardOpenOption.WRITE);
        Files.move(whole, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        forceNames(file.toAbsolutePath().resolveSibling(""));
    }

    /** Writes all of a file, which is on the disk when this returns; that its name is, {@link #forceNames} sees to. */
    static void write(Path file, byte[] content, OpenOption... how) throws IOException {
        try (FileChannel out = FileChannel.open(file, how)) {
            ByteBuffer bytes = ByteBuffer.wrap(content);
            while (bytes.hasRemaining()) {
                out.write(bytes);
            }
            out.force(true);
        }
    }

    /** Names that were given in a folder have to be on the disk as well. */
    static void forceNames(Path folder) throws IOException {
        try (FileChannel names = FileChannel.open(folder, StandardOpenOption.READ)) {
            names.force(true);
        }
    }
}
