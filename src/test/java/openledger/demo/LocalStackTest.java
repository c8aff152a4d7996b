package openledger.demo;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import openledger.unit.Address;
import org.junit.jupiter.api.Test;

final class LocalStackTest {
    private static final Address REGISTRY = Address.parse("0x" + "a1".repeat(20));

    @Test
    void placesStandBelowEachOtherHoweverLongTheyAre() {
        for (String vault : List.of("none", REGISTRY.toString())) {
            for (long lane : List.of(7L, Long.MAX_VALUE)) {
                List<String> lines =
                        LocalStack.places(REGISTRY, lane, vault).lines().toList();

                int note = lines.getFirst().indexOf("enter the key");
                assertThat(lines).allSatisfy(line -> {
                    assertThat(line).matches("  \\w+ +\\S.*");
                    if (line.length() > note) {
                        assertThat(line.substring(note - 2, note)).isBlank();
                        assertThat(line.charAt(note)).isNotEqualTo(' ');
                    }
                    assertThat(line.substring(0, 13)).matches("  \\w+ +");
                    assertThat(line.charAt(13)).isNotEqualTo(' ');
                });
            }
        }
    }
}
