package openledger.archive;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
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

        assertThat(archive.write("7/tile/0/x001/000", Optional.empty(), SOME)).isTrue();
        assertThat(archive.write("7/checkpoint", Optional.empty(), new byte[3])).isTrue();
        assertThat(archive.write("7/checkpoint", Optional.of(new byte[3]), SOME))
                .isTrue();

        assertThat(archive.read("7/tile/0/x001/000", 4)).contains(SOME);
        assertThat(archive.read("7/checkpoint", 10)).contains(SOME);
        assertThat(Files.readAllBytes(folder.resolve("made/for/it/7/tile/0/x001/000")))
                .isEqualTo(SOME);
        try (Stream<Path> all = Files.walk(folder)) {
            assertThat(all.filter(Files::isRegularFile)
                            .map(file -> file.getFileName().toString()))
                    .containsExactlyInAnyOrder("000", "checkpoint", ".lock");
        }
    }

    @Test
    void whatSomebodyElseHasWrittenStays() throws IOException {
        FolderArchive archive = new FolderArchive(folder);

        assertThat(archive.write("7/exported", Optional.of(SOME), SOME)).isFalse();
        assertThat(archive.read("7/exported", 10)).isEmpty();
        assertThat(archive.write("7/exported", Optional.empty(), SOME)).isTrue();
        for (Optional<byte[]> before : List.of(
                Optional.<byte[]>empty(),
                Optional.of(new byte[4]),
                Optional.of(new byte[0]),
                Optional.of(new byte[9]))) {
            assertThat(archive.write("7/exported", before, new byte[2])).isFalse();
        }
        assertThat(archive.read("7/exported", 10)).contains(SOME);
    }

    /** Each of them adds one to a number, as exporters move on what says how far the archive is. */
    @Test
    void nothingThatSeveralWriteIsLost() throws Exception {
        int writers = 4;
        int times = 25;
        try (ExecutorService threads = Executors.newFixedThreadPool(writers)) {
            List<Future<?>> all = new ArrayList<>();
            for (int i = 0; i < writers; i++) {
                FolderArchive archive = new FolderArchive(folder);
                all.add(threads.submit(() -> {
                    for (int left = times; left > 0; ) {
                        Optional<byte[]> there = archive.read("7/exported", 1);
                        byte next = (byte) (there.map(one -> one[0]).orElse((byte) 0) + 1);
                        left -= archive.write("7/exported", there, new byte[] {next}) ? 1 : 0;
                    }
                    return null;
                }));
            }
            for (Future<?> each : all) {
                each.get();
            }
        }
        assertThat(new FolderArchive(folder).read("7/exported", 1)).contains(new byte[] {(byte) (writers * times)});
    }

    @Test
    void takesNoMoreThanIsAsked() throws IOException {
        FolderArchive archive = new FolderArchive(folder);
        archive.write("7/exported", Optional.empty(), SOME);

        assertThatThrownBy(() -> archive.read("7/exported", 3)).hasMessageContaining("longer than 3 bytes");
    }

    /** What a killed process left is in nobody's way. */
    @Test
    void aHalfWrittenFileIsNotThere() throws IOException {
        FolderArchive archive = new FolderArchive(folder);
        Files.createDirectories(folder.resolve("7/batch"));
        Files.write(folder.resolve("7/batch/001.0a0b0c0d.new"), new byte[1]);

        assertThat(archive.read("7/batch/001", 10)).isEmpty();
        archive.write("7/batch/001", Optional.empty(), SOME);
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
        assertThatThrownBy(() -> archive.write(name, Optional.empty(), SOME)).hasMessageContaining("no name");
    }

    @Test
    void aFolderInTheWayIsSaid() throws IOException {
        FolderArchive archive = new FolderArchive(folder);
        Files.createDirectories(folder.resolve("7/exported/x"));
        Files.writeString(folder.resolve("8"), "a file");

        assertThatThrownBy(() -> archive.read("7/exported", 10)).hasMessageContaining("is no file");
        assertThat(archive.write("7/exported", Optional.empty(), SOME)).isFalse();
        assertThatThrownBy(() -> archive.write("8/exported", Optional.empty(), SOME))
                .isInstanceOf(IOException.class);
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

        byte[] mine = archive.read("7/exported", 10).orElseThrow();
        assertThat(archive.write("7/exported", Optional.empty(), SOME)).isFalse();
        assertThat(archive.write("7/exported", Optional.of(mine), SOME)).isTrue();

        assertThat(secret).hasContent("mine");
        assertThat(archive.read("7/exported", 10)).contains(SOME);
        assertThatThrownBy(() -> archive.read("7/dangling", 10)).hasMessageContaining("is no file");
    }
}
