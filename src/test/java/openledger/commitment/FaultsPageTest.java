package openledger.commitment;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.stream.Collectors;
import openledger.commitment.leaf.LeafField;
import openledger.commitment.leaf.ProvableFault;
import org.junit.jupiter.api.Test;

/** The tables of {@code docs/explanation/0025-what-leaves-prove.md} are made from the code; {@code -Dfaults.write=true} writes them. */
final class FaultsPageTest {
    private static final Path PAGE = Path.of("docs/explanation/0025-what-leaves-prove.md");
    private static final String END = "<!-- end -->";

    @Test
    void thePageHasTheTablesOfTheCode() throws IOException {
        String page = Files.readString(PAGE);
        String expected = with(with(page, "<!-- faults -->", faults()), "<!-- fields -->", fields());
        if (Boolean.getBoolean("faults.write")) {
            Files.writeString(PAGE, expected);
        } else {
            assertThat(page).as("-Dfaults.write=true writes it").isEqualTo(expected);
        }
    }

    private static String with(String page, String from, String table) {
        int start = page.indexOf(from) + from.length();
        return page.substring(0, start) + "\n\n" + table + "\n" + page.substring(page.indexOf(END, start));
    }

    private static String faults() {
        return Arrays.stream(ProvableFault.values())
                .map(fault -> "| " + fault.code() + " | `" + fault + "` | " + fault.sentence() + " |\n")
                .collect(Collectors.joining("", "| code | fault | what it says |\n| ---: | --- | --- |\n", ""));
    }

    private static String fields() {
        return Arrays.stream(LeafField.values())
                .map(field -> "| " + field.title() + " | " + field.offset() + " | " + field.length() + " | "
                        + values(field, true) + " | " + values(field, false) + " |\n")
                .collect(Collectors.joining(
                        "",
                        "| field | from byte | bytes | in a plan | in an outcome |\n| --- | ---: | ---: | --- | --- |\n",
                        ""));
    }

    private static String values(LeafField field, boolean isPlan) {
        if (field.values(isPlan).isEmpty()) {
            return "–";
        }
        return field.isNumber() ? LeafField.words(field.values(isPlan)) : "any";
    }
}
