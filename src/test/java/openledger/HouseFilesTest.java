package openledger;

import static openledger.House.HOUSE;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.JavaClass;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** Sources as files: how many in a folder, how long, and called what. */
final class HouseFilesTest {
    private static final int MAX_FILES = 25;
    private static final int MAX_LINES = 400;
    private static final int MAX_UNEXPLAINED_LINES = 250;

    @Test
    void noRoomIsCrowded() throws IOException {
        try (Stream<Path> folders = Files.walk(Path.of("src"))) {
            assertThat(folders.filter(Files::isDirectory).filter(folder -> javaFiles(folder) > MAX_FILES))
                    .as("folders with more than %d Java files", MAX_FILES)
                    .isEmpty();
        }
    }

    /** A name that stands for two things is read as the wrong one. A nested type is read beside its owner. */
    @Test
    void noNameIsUsedForTwoThings() {
        TreeMap<String, TreeSet<String>> byName = HOUSE.stream()
                .filter(JavaClass::isTopLevelClass)
                .filter(type -> !type.getSimpleName().equals("package-info"))
                .collect(Collectors.groupingBy(
                        JavaClass::getSimpleName,
                        TreeMap::new,
                        Collectors.mapping(JavaClass::getName, Collectors.toCollection(TreeSet::new))));

        assertThat(byName.values().stream().filter(names -> names.size() > 1)).isEmpty();
    }

    @Test
    void everyRoomSaysWhatItIsFor() throws IOException {
        try (Stream<Path> rooms = Files.walk(Path.of("src/main/java/openledger"))) {
            assertThat(rooms.filter(room -> javaFiles(room) > 0)
                            .filter(room -> !nullMarked(room.resolve("package-info.java"))))
                    .isEmpty();
        }
    }

    @Test
    void noSourceFileIsTooLong() throws IOException {
        for (Path file : sources()) {
            List<String> lines = Files.readAllLines(file);
            boolean explained = lines.stream().anyMatch(line -> line.contains("Long because"));
            assertThat(lines.size())
                    .as("%s: lines (more than %d need a reason: \"Long because ...\")", file, MAX_UNEXPLAINED_LINES)
                    .isLessThanOrEqualTo(explained ? MAX_LINES : MAX_UNEXPLAINED_LINES);
        }
    }

    private static long javaFiles(Path folder) {
        if (!Files.isDirectory(folder)) {
            return 0;
        }
        try (Stream<Path> files = Files.list(folder)) {
            return files.filter(file -> file.toString().endsWith(".java")).count();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static boolean nullMarked(Path packageInfo) {
        try {
            return Files.readString(packageInfo).contains("@NullMarked");
        } catch (IOException missing) {
            return false;
        }
    }

    private static List<Path> sources() throws IOException {
        List<Path> sources = new ArrayList<>();
        for (String root : List.of("src", "contracts/src", "contracts/test")) {
            try (Stream<Path> files = Files.walk(Path.of(root))) {
                files.filter(file -> file.toString().matches(".+\\.(java|sol)")).forEach(sources::add);
            }
        }
        return sources;
    }
}
