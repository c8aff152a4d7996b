package openledger.wiring.config;

import static org.assertj.core.api.Assertions.assertThat;

import io.smallrye.config.EnvConfigSource;
import io.smallrye.config.SmallRyeConfigBuilder;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import openledger.wiring.config.ConfigurationSource.KeyGroup;
import openledger.wiring.config.ConfigurationSource.KeyMethod;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** {@code docs/reference/configuration.md} is made from the code; {@code -Dconfiguration.write=true} writes it. */
final class ConfigurationPageTest {
    private static final Path PAGE = Path.of("docs/reference/configuration.md");
    private static final String FIRST = "[0]";
    private static final List<Section> SECTIONS = new ArrayList<>();

    /** A group under the key of its first entry, for example {@code openledger.routes[0].tiers[0]}. */
    private record Section(String key, String meaning, List<Entry> entries) {}

    /** A key that has a value. */
    private record Entry(String key, KeyMethod written) {
        /** MicroProfile Config's rule: everything but letters and digits is an underscore. */
        String variable() {
            return key.replaceAll("[^A-Za-z0-9]", "_").toUpperCase(Locale.ROOT);
        }
    }

    @BeforeAll
    static void read() throws IOException {
        SECTIONS.clear();
        ConfigurationSource source = new ConfigurationSource(Path.of("src/main/java"));
        collect(source, "openledger", source.root());
    }

    private static void collect(ConfigurationSource source, String at, KeyGroup group) {
        List<Entry> entries = new ArrayList<>();
        SECTIONS.add(new Section(at, group.meaning(), entries));
        for (KeyMethod key : group.keys()) {
            String inner = at + "." + key.name();
            source.group(key)
                    .ifPresentOrElse(
                            nested -> collect(source, ConfigurationSource.isList(key) ? inner + FIRST : inner, nested),
                            () -> entries.add(new Entry(inner, key)));
        }
    }

    @Test
    void thePageIsMadeFromTheCodeOfToday() throws IOException {
        if (Boolean.getBoolean("configuration.write")) {
            Files.writeString(PAGE, page());
        }
        assertThat(Files.readString(PAGE))
                .as("%s, which `make generate` writes", PAGE)
                .isEqualTo(page());
    }

    @Test
    void everyKeyAndEveryGroupHasAMeaning() {
        assertThat(SECTIONS).allSatisfy(section -> {
            assertThat(section.meaning()).as(section.key()).endsWith(".");
            assertThat(section.entries())
                    .allSatisfy(entry -> assertThat(entry.written().meaning())
                            .as(entry.key())
                            .endsWith("."));
        });
        assertThat(SECTIONS.stream()
                        .mapToInt(section -> section.entries().size())
                        .sum())
                .isGreaterThan(100);
    }

    @Test
    void aVariableOfTheEnvironmentSetsItsKey() {
        assertThat(SECTIONS).flatExtracting(Section::entries).allSatisfy(entry -> {
            var config = new SmallRyeConfigBuilder()
                    .withSources(new EnvConfigSource(Map.of(entry.variable(), "7"), EnvironmentFirst.ENVIRONMENT))
                    .build();

            assertThat(config.getValue(entry.key(), String.class)).isEqualTo("7");
        });
    }

    private static String page() {
        StringBuilder page = new StringBuilder("""
                # Configuration

                Every key under `openledger`, with its environment variable, type, default and meaning.
                This page is made from the code, and a test holds it: `mvn test -Dtest=ConfigurationPageTest -Dconfiguration.write=true` writes it anew.

                The file [`deploy/openledger.yaml`](../../deploy/openledger.yaml) has an example of each key, and the keys under `quarkus` that a router needs.
                A key of the command line (`-Dopenledger.lane=2`) beats the environment, which beats the file.
                The start fails with all keys that are unknown or have an unusable value, and with the reasons.
                Only providers and routes take effect without a restart; [how to configure routes](../how-to/configure-routes.md) describes it.

                In a key, `[*]` stands for the entries of a list.
                The variables name the first entry, which has the number 0.
                A duration is a number with a unit: `500ms`, `30s`, `10m`, `168h`.
                Keys that are optional, or have a default, may be left out.
                A required key of a list is required in each of its entries.
                """);
        SECTIONS.forEach(section -> write(page, section));
        return page.toString();
    }

    private static void write(StringBuilder page, Section section) {
        page.append("\n## `").append(shown(section.key())).append("`\n\n");
        // The root's own comment is about the class.
        page.append(section.key().contains(".") ? lines(section.meaning()) : "Keys of the whole router.");
        page.append('\n');
        for (Entry entry : section.entries()) {
            page.append("\n### `").append(shown(entry.key())).append("`\n\n`").append(entry.variable());
            page.append("` · ").append(type(entry.written().type()));
            page.append(" · ").append(byDefault(entry.written()));
            page.append("\n\n").append(lines(entry.written().meaning())).append('\n');
        }
    }

    private static String shown(String key) {
        return key.replace(FIRST, "[*]");
    }

    /** One sentence a line. */
    private static String lines(String meaning) {
        return meaning.replace(". ", ".\n");
    }

    private static String type(String written) {
        String inner = written.startsWith("Optional<")
                ? written.substring("Optional<".length(), written.length() - 1)
                : written;
        return switch (inner) {
            case "int", "long", "OptionalInt", "OptionalLong" -> "whole number";
            case "double" -> "number";
            case "boolean" -> "`true` or `false`";
            case "Duration" -> "duration";
            case "List<String>" -> "list of texts";
            case "Map<Long, String>" -> "texts by number";
            default -> "text";
        };
    }

    private static String byDefault(KeyMethod key) {
        return key.byDefault()
                .map(value -> "default `" + value + "`")
                .orElse(key.type().startsWith("Optional") || key.type().startsWith("Map") ? "optional" : "required");
    }
}
