package openledger.store;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import openledger.commitment.ConfirmationLevel;
import openledger.inference.Catalog.NumberKind;
import openledger.routing.DecisionStatus;
import openledger.routing.Trigger;
import openledger.store.catalog.StoredCatalog;
import org.junit.jupiter.api.Test;

/** What an enum's code is in Java and in SQL is the same number, written once. */
final class CodesInSqlTest {
    private static final Path STORE = Path.of("src/main/java/openledger/store");
    private static final Path MIGRATIONS = Path.of("src/main/resources/db/migration");
    private static final String COLUMNS = "(level|status|last_?trigger|kind|mode|default_mode|attribution)";
    private static final Pattern LITERAL =
            Pattern.compile("\\b" + COLUMNS + "\\s*(?:=|<>|<|>|<=|>=)\\s*('?\\w+'?)", Pattern.CASE_INSENSITIVE);

    @Test
    void statementsTakeCodesFromTheirEnums() throws IOException {
        List<String> literals = new ArrayList<>();
        for (String text : texts(STORE)) {
            Matcher found = LITERAL.matcher(strings(text));
            while (found.find()) {
                if (found.group(2).matches("\\d+|'.*'")) {
                    literals.add(found.group());
                }
            }
        }
        assertThat(literals).isEmpty();
    }

    /** Indexes of part of a table are used only if a statement has the very condition. */
    @Test
    void migrationsHaveTheCodesOfToday() throws IOException {
        Set<String> found = new TreeSet<>();
        for (String text : texts(MIGRATIONS)) {
            Matcher condition = LITERAL.matcher(text);
            while (condition.find()) {
                found.add(condition.group());
            }
        }
        assertThat(found)
                .containsExactlyInAnyOrder(
                        "level < " + ConfirmationLevel.FINALIZED.code(),
                        "level = " + ConfirmationLevel.FINALIZED.code(),
                        "status <> " + DecisionStatus.SERVED.code(),
                        "last_trigger <> " + Trigger.NONE.code(),
                        "kind = " + StoredCatalog.quoted(NumberKind.ROUTE));
        String kinds =
                Arrays.stream(NumberKind.values()).map(StoredCatalog::quoted).collect(Collectors.joining(", "));
        assertThat(String.join("\n", texts(MIGRATIONS))).contains("kind in (" + kinds + ")");
    }

    /** In a database for ever; a comparison of codes is one of levels. */
    @Test
    void levelsKeepTheirCodes() {
        assertThat(Arrays.stream(ConfirmationLevel.values()).map(ConfirmationLevel::code))
                .containsExactlyElementsOf(IntStream.range(0, ConfirmationLevel.values().length)
                        .boxed()
                        .toList());
        for (ConfirmationLevel one : ConfirmationLevel.values()) {
            assertThat(ConfirmationLevel.ofCode(one.code())).isEqualTo(one);
            for (ConfirmationLevel other : ConfirmationLevel.values()) {
                assertThat(one.code() >= other.code()).isEqualTo(one.reaches(other));
            }
        }
    }

    @Test
    void kindsKeepTheirLetters() {
        assertThat(StoredCatalog.code(NumberKind.ROUTE)).isEqualTo("R");
        assertThat(StoredCatalog.code(NumberKind.TARGET)).isEqualTo("T");
        for (NumberKind kind : NumberKind.values()) {
            assertThat(StoredCatalog.kind(StoredCatalog.code(kind))).isEqualTo(kind);
        }
    }

    private static List<String> texts(Path folder) throws IOException {
        List<String> texts = new ArrayList<>();
        try (Stream<Path> files = Files.walk(folder).filter(Files::isRegularFile)) {
            for (Path file : files.sorted().toList()) {
                texts.add(Files.readString(file));
            }
        }
        assertThat(texts).isNotEmpty();
        return texts;
    }

    /** The text constants of a source, one behind the other, without what is put in between. */
    private static String strings(String source) {
        return Pattern.compile("\"((?:[^\"\\\\]|\\\\.)*)\"")
                .matcher(source)
                .results()
                .map(text -> text.group(1))
                .collect(Collectors.joining("\n"));
    }
}
