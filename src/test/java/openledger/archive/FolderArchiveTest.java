package openledger.archive;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class FolderArchiveTest {
    private static final byte[] SOME = "some".getBytes(StandardCharsets.UTF_8);

    @TempDir
    Path folder = Path.of("");

    @Test
    void hasWhatWasWrittenLast() throws IOException {
        FolderArchive archive = new FolderArchive(folder.resolve("made/for/it"));
        assertThat(archive.read("7/tile/0/x001/000", 10)).isEmpty();

        archive.write("7/tile/0/x001/000", SOME);
        archive.write("7/checkpoint", new byte[3]);
        archive.write("7/checkpoint", SOME);

        assertThat(archive.read("7/tile/0/x001/000", 4)).contains(SOME);
        assertThat(archive.read("7/checkpoint", 10)).contains(SOME);
        assertThat(Files.readAllBytes(folder.resolve("made/for/it/7/tile/0/x001/000")))
                .isEqualTo(SOME);
        try (Stream<Path> all = Files.walk(folder)) {
            assertThat(all.filter(Files::isRegularFile)).hasSize(2);
        }
    }

    @Test
    void takesNoMoreThanIsAsked() throws IOException {
        FolderArchive archive = new FolderArchive(folder);
        archive.write("7/exported", SOME);

        assertThatThrownBy(() -> archive.read("7/exported", 3)).hasMessageContaining("longer than 3 bytes");
    }

    /** What a killed process left is in nobody's way. */
    @Test
    void aHalfWrittenFileIsNotThere() throws IOException {
        FolderArchive archive = new FolderArchive(folder);
        Files.createDirectories(folder.resolve("7/batch"));
        Files.write(folder.resolve("7/batch/001.0a0b0c0d.new"), new byte[1]);

        assertThat(archive.read("7/batch/001", 10)).isEmpty();
        archive.write("7/batch/001", SOME);
        assertThat(archive.read("7/batch/001", 10)).contains(SOME);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "/etc/passwd",
                "../passwd",
                "7/../../passwd",
                "7/..",
                "7//0",
                "7/.hidden",
                "7/a\n",
                "7\\0",
                "C:/x",
                "7/é"
            })
    void aNameThatLeadsElsewhereIsNone(String name) {
        FolderArchive archive = new FolderArchive(folder.resolve("in"));

        assertThatThrownBy(() -> archive.read(name, 10)).hasMessageContaining("no name");
        assertThatThrownBy(() -> archive.write(name, SOME)).hasMessageContaining("no name");
    }

    @Test
    void aFolderInTheWayIsSaid() throws IOException {
        FolderArchive archive = new FolderArchive(folder);
        Files.createDirectories(folder.resolve("7/exported/x"));
        Files.writeString(folder.resolve("8"), "a file");

        assertThatThrownBy(() -> archive.read("7/exported", 10)).hasMessageContaining("is no file");
        assertThatThrownBy(() -> archive.write("7/exported", SOME)).isInstanceOf(IOException.class);
        assertThatThrownBy(() -> archive.write("8/exported", SOME)).isInstanceOf(IOException.class);
        assertThat(archive.read("8/exported", 10)).isEmpty();
        try (Stream<Path> left = Files.list(folder.resolve("7"))) {
            assertThat(left).hasSize(1);
        }
    }

    /** A link of somebody else's making is not written through. */
    @Test
    void aLinkIsReplacedNotFollowed() throws IOException {
        FolderArchive archive = new FolderArchive(folder.resolve("in"));
        Path secret = Files.writeString(folder.resolve("secret"), "mine");
        Files.createDirectories(folder.resolve("in/7"));
        Files.createSymbolicLink(folder.resolve("in/7/exported"), secret);
        Files.createSymbolicLink(folder.resolve("in/7/dangling"), folder.resolve("nowhere"));

        archive.write("7/exported", SOME);

        assertThat(secret).hasContent("mine");
        assertThat(archive.read("7/exported", 10)).contains(SOME);
        assertThatThrownBy(() -> archive.read("7/dangling", 10)).hasMessageContaining("is no file");
    }
}
