package openledger.cli.watch;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import java.util.Optional;
import openledger.commitment.HeadSigning;
import openledger.commitment.LeafPromise;
import openledger.commitment.SignedPromise;
import openledger.commitment.leaf.LeafKind;
import openledger.commitment.verify.PromiseHeader;
import openledger.unit.Address;
import openledger.unit.Hash32;
import openledger.unit.RequestId;
import openledger.unit.RequestKey;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.web3j.crypto.Credentials;

/** A folder that anybody may put anything into. */
final class PromiseFolderTest {
    private static final Address REGISTRY = Address.parse("0x" + "ab".repeat(20));

    @TempDir
    Path folder;

    private static String text(long counter) {
        LeafPromise promise =
                new LeafPromise(7, RequestKey.of(new byte[24], counter), LeafKind.OUTCOME, Hash32.ZERO, 1_000, 2_000);
        Credentials key = Credentials.create("0x" + "01".repeat(32));
        SignedPromise signed = new SignedPromise(
                901,
                REGISTRY,
                promise,
                HeadSigning.sign(promise.digest(901, REGISTRY), key),
                Address.parse(key.getAddress()));
        return PromiseHeader.text(signed, new RequestId(7, counter), new byte[16]);
    }

    private Path put(String name, String content) throws IOException {
        return Files.writeString(folder.resolve(name + ".promise"), content);
    }

    @Test
    void whatIsNotWholeYetIsReadWhenItIs() throws IOException {
        PromiseFolder promises = new PromiseFolder(Optional.of(folder));
        String text = text(1);
        Path file = put("a", text.substring(0, 40));
        assertThat(promises.news()).isEmpty();

        put("a", text + "\n");
        Files.setLastModifiedTime(file, FileTime.from(Instant.now().plusSeconds(5)));
        assertThat(promises.news()).hasSize(1);
        assertThat(promises.news()).isEmpty();
    }

    @Test
    void whatIsNoPromiseIsPassedOver() throws IOException, InterruptedException {
        PromiseFolder promises = new PromiseFolder(Optional.of(folder));
        Files.createDirectory(folder.resolve("folder.promise"));
        Files.createSymbolicLink(folder.resolve("gone.promise"), folder.resolve("nowhere"));
        Files.createSymbolicLink(folder.resolve("loop.promise"), folder.resolve("loop.promise"));
        Files.createSymbolicLink(folder.resolve("endless.promise"), Path.of("/dev/zero"));
        Files.write(folder.resolve("bytes.promise"), new byte[] {(byte) 0xff, 0, (byte) 0xfe});
        put("long", " ".repeat(10_000) + text(3));
        put("empty", "");
        assertThat(new ProcessBuilder("mkfifo", folder.resolve("pipe.promise").toString())
                        .start()
                        .waitFor())
                .isZero();
        put("z", "openledger-promise: " + text(2));

        assertThat(promises.news())
                .singleElement()
                .satisfies(one -> assertThat(one.promise().request().counter()).isEqualTo(2));
    }

    @Test
    void whatWasTakenAwayMakesRoomAndComesAgain() throws IOException {
        PromiseFolder promises = new PromiseFolder(Optional.of(folder));
        Path file = put("a", text(1));
        assertThat(promises.news()).hasSize(1);
        Files.delete(file);
        assertThat(promises.news()).isEmpty();
        put("a", text(2));
        assertThat(promises.news()).hasSize(1);
    }
}
