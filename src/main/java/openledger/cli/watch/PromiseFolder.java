package openledger.cli.watch;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileTime;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import openledger.commitment.SignedPromise;
import openledger.commitment.evm.SignatureRecovery;
import openledger.commitment.verify.PromiseHeader;

/**
 * A folder that clients drop promises into: files {@code *.promise}, each the value of one header {@code openledger-promise}. Whatever else
 * is in it is passed over. Blocks. Confined to one thread.
 */
final class PromiseFolder {
    private static final int LONGEST = 8_192;
    private static final int MOST = 100_000;

    private final Optional<Path> folder;
    private final Map<Path, Seen> read = new HashMap<>();

    /** A file as it was when it was read last: one that is not whole yet, or cannot be read yet, is read again when it has changed. */
    private record Seen(long size, FileTime changed) {
        static final Seen PROMISE = new Seen(-1, FileTime.fromMillis(0));
    }

    PromiseFolder(Optional<Path> folder) {
        this.folder = folder;
    }

    /** Those that came since. */
    List<SignedPromise> news() throws IOException {
        List<SignedPromise> promises = new ArrayList<>();
        if (folder.isEmpty()) {
            return promises;
        }
        Set<Path> there = new HashSet<>();
        try (DirectoryStream<Path> files = Files.newDirectoryStream(folder.get(), "*.promise")) {
            for (Path file : files) {
                if (there.size() < MOST) {
                    there.add(file);
                    read(file).ifPresent(promises::add);
                }
            }
        } catch (DirectoryIteratorException e) {
            throw e.getCause();
        }
        read.keySet().retainAll(there);
        return promises;
    }

    /** Whoever may put files there must not be able to end the watch: what cannot be read is passed over. */
    private Optional<SignedPromise> read(Path file) {
        Seen before = read.get(file);
        if (Seen.PROMISE.equals(before)) {
            return Optional.empty();
        }
        try {
            BasicFileAttributes now = Files.readAttributes(file, BasicFileAttributes.class);
            Seen seen = new Seen(now.size(), now.lastModifiedTime());
            if (seen.equals(before) || !now.isRegularFile() || now.size() > LONGEST) {
                return Optional.empty();
            }
            read.put(file, seen);
            Optional<SignedPromise> promise = promise(file);
            promise.ifPresent(one -> read.put(file, Seen.PROMISE));
            return promise;
        } catch (IOException unreadable) {
            return Optional.empty();
        }
    }

    private static Optional<SignedPromise> promise(Path file) throws IOException {
        byte[] bytes;
        try (InputStream in = Files.newInputStream(file)) {
            bytes = in.readNBytes(LONGEST + 1);
        }
        try {
            String text = new String(bytes, StandardCharsets.US_ASCII).strip();
            String name = PromiseHeader.NAME + ":";
            PromiseHeader header = PromiseHeader.parse(
                    text.startsWith(name) ? text.substring(name.length()).strip() : text);
            return SignatureRecovery.signer(header.digest(), header.signature()).map(header::signedBy);
        } catch (IllegalArgumentException none) {
            return Optional.empty();
        }
    }
}
