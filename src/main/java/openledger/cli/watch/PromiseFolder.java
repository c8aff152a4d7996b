package openledger.cli.watch;

import java.io.IOException;
import java.nio.charset.MalformedInputException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
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
    private final Set<Path> read = new HashSet<>();

    PromiseFolder(Optional<Path> folder) {
        this.folder = folder;
    }

    /** Those that came since. */
    List<SignedPromise> news() throws IOException {
        List<SignedPromise> promises = new ArrayList<>();
        if (folder.isEmpty()) {
            return promises;
        }
        try (DirectoryStream<Path> files = Files.newDirectoryStream(folder.get(), "*.promise")) {
            for (Path file : files) {
                if (read.size() < MOST && read.add(file)) {
                    read(file).ifPresent(promises::add);
                }
            }
        }
        return promises;
    }

    private static Optional<SignedPromise> read(Path file) throws IOException {
        if (!Files.isRegularFile(file) || Files.size(file) > LONGEST) {
            return Optional.empty();
        }
        try {
            String text = Files.readString(file).strip();
            String name = PromiseHeader.NAME + ":";
            PromiseHeader header = PromiseHeader.parse(
                    text.startsWith(name) ? text.substring(name.length()).strip() : text);
            return SignatureRecovery.signer(header.digest(), header.signature()).map(header::signedBy);
        } catch (IllegalArgumentException | MalformedInputException none) {
            return Optional.empty();
        }
    }
}
