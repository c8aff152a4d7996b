package openledger.inference.admission;

import static openledger.inference.admission.AdmissionTest.asked;
import static openledger.inference.admission.AdmissionTest.refused;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Random;
import openledger.commitment.PlanLevel;
import openledger.inference.admission.Admission.Admitted;
import openledger.inference.admission.Admission.Reason;
import openledger.inference.admission.Admission.Refused;
import openledger.inference.admission.ModeOptions.Confirmed;
import openledger.routing.Gate;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The member {@code openledger} of a body, as it should not be. */
final class RequestOptionsTest {
    @ParameterizedTest
    @CsvSource(
            delimiter = ';',
            quoteCharacter = '`',
            value = {
                "{\"gate\":\"middle\"};openledger.gate;'response', 'dispatch'",
                "{\"gate\":\"RESPONSE\"};openledger.gate;'response', 'dispatch'",
                "{\"gate\":null};openledger.gate;'response', 'dispatch'",
                "{\"gate\":{\"gate\":\"response\"}};openledger.gate;'response', 'dispatch'",
                "{\"level\":\"sequenced\"};openledger.level;'SEQUENCED', 'SAFE', 'FINALIZED'",
                "{\"level\":\"PRECONFIRMED\"};openledger.level;'SEQUENCED', 'SAFE', 'FINALIZED'",
                "{\"level\":\"ACCEPTED\"};openledger.level;'SEQUENCED', 'SAFE', 'FINALIZED'",
                "{\"level\":\"SETTLED\"};openledger.level;'SEQUENCED', 'SAFE', 'FINALIZED'",
                "{\"level\":3};openledger.level;'SEQUENCED', 'SAFE', 'FINALIZED'",
                "{\"level\":\"WITNESSED\"};openledger.level;log of this router has no witnesses",
                "{\"level\":\"WITNESSED\"};openledger.level;the levels are: SEQUENCED, SAFE, FINALIZED",
                "{\"max_wait_ms\":0};openledger.max_wait_ms;from 1 to 10000",
                "{\"max_wait_ms\":-0};openledger.max_wait_ms;from 1 to 10000",
                "{\"max_wait_ms\":-1};openledger.max_wait_ms;from 1 to 10000",
                "{\"max_wait_ms\":10001};openledger.max_wait_ms;from 1 to 10000",
                "{\"max_wait_ms\":4294967297};openledger.max_wait_ms;from 1 to 10000",
                "{\"max_wait_ms\":18446744073709551617};openledger.max_wait_ms;from 1 to 10000",
                "{\"max_wait_ms\":1e3};openledger.max_wait_ms;from 1 to 10000",
                "{\"max_wait_ms\":1e999999999};openledger.max_wait_ms;from 1 to 10000",
                "{\"max_wait_ms\":2000.0};openledger.max_wait_ms;from 1 to 10000",
                "{\"max_wait_ms\":\"2000\"};openledger.max_wait_ms;from 1 to 10000",
                "{\"max_wait_ms\":true};openledger.max_wait_ms;from 1 to 10000",
                "{\"on_unconfirmed\":\"retry\"};openledger.on_unconfirmed;'fail', 'release'",
                "{\"on_unconfirmed\":[\"fail\"]};openledger.on_unconfirmed;'fail', 'release'",
                "{\"mode\":7};openledger.mode;must be a string",
                "{\"speed\":1};openledger.speed;mode, gate, level, max_wait_ms, on_unconfirmed",
                "{\"Gate\":\"response\"};openledger.Gate;mode, gate, level, max_wait_ms, on_unconfirmed",
                "{\"\":1};openledger.;mode, gate, level, max_wait_ms, on_unconfirmed",
                "[];openledger;must be an object",
                "null;openledger;must be an object",
                "\"confirmed\";openledger;must be an object",
            })
    void whatCannotBeUsedIsRefusedByNameWithWhatCan(String member, String param, String allowed) {
        Refused refused = refused(asked(member));

        assertThat(refused.reason()).isEqualTo(Reason.INVALID_BODY);
        assertThat(refused.param()).isEqualTo(param);
        assertThat(refused.message()).contains(allowed);
    }

    @Test
    void hostileMembersAreRefusedByNameAtOnce() {
        String digits = "9".repeat(100_000);
        String name = "x\\n\\u0000".repeat(50_000);

        assertThat(refused(asked("{\"max_wait_ms\":" + digits + "}")).param()).isEqualTo("openledger.max_wait_ms");
        assertThat(refused(asked("{\"max_wait_ms\":" + digits + ".5}")).param()).isEqualTo("openledger.max_wait_ms");
        assertThat(refused(asked("{\"level\":\"" + name + "\"}")).param()).isEqualTo("openledger.level");
        assertThat(refused(asked("{\"gate\":" + "[".repeat(50) + "]".repeat(50) + "}"))
                        .param())
                .isEqualTo("openledger.gate");
        // Deeper than any body may be.
        assertThat(refused(asked("{\"gate\":" + "[".repeat(100) + "]".repeat(100) + "}"))
                        .message())
                .contains("nested");
        assertThat(refused(asked("{\"mode\":\"confirmed\",\"mode\":\"confirmed\"}"))
                        .param())
                .isEqualTo("openledger");
        assertThat(refused(asked("{\"gate\":\"dispatch\",\"g\\u0061te\":\"response\"}"))
                        .message())
                .contains("repeated");
        Refused longest = refused(asked("{\"" + name + "\":1}"));
        assertThat(longest.param()).hasSizeLessThan(100);
        assertThat(longest.message()).hasSizeLessThan(300).matches("[ -~]*");
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4})
    void noMemberGetsThroughThatIsNotWhatItSays(long seed) {
        List<String> values = List.of(
                "\"confirmed\"",
                "\"fast\"",
                "\"response\"",
                "\"dispatch\"",
                "\"SAFE\"",
                "\"fail\"",
                "2000",
                "1e3",
                "null",
                "{}",
                "[1]",
                "true",
                "\"\\u0066ast\"",
                "-5",
                "\"\"");
        List<String> names = List.of("mode", "gate", "level", "max_wait_ms", "on_unconfirmed", "mod\\u0065", "x");
        Random random = new Random(seed);
        int admitted = 0;
        for (int run = 0; run < 4_000; run++) {
            StringBuilder member = new StringBuilder("{\"mode\":\"confirmed\"");
            for (int i = random.nextInt(3); i > 0; i--) {
                member.append(",\"")
                        .append(names.get(random.nextInt(names.size())))
                        .append("\":");
                member.append(values.get(random.nextInt(values.size())));
            }
            switch (asked(member.append('}').toString())) {
                case Refused no -> assertThat(no.param()).startsWith("openledger");
                case Admitted yes -> {
                    Confirmed terms = (Confirmed) yes.terms();
                    String text = member.toString();
                    assertThat(text).doesNotContain("null", "{}", "[1]", "true", "-5", "1e3", "\"x\"", "\"\"");
                    assertThat(terms.gate() == Gate.DISPATCH).isEqualTo(text.contains("dispatch"));
                    assertThat(terms.level() == PlanLevel.SAFE).isEqualTo(text.contains("SAFE"));
                    admitted++;
                }
            }
        }
        assertThat(admitted).isBetween(100, 3_900);
    }
}
