package openledger.provider;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Random;
import openledger.inference.UpstreamRejection;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Complaints of providers, who repeat what they were sent, keys included. */
final class RejectionReaderTest {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final int CASES = 2_000;
    private static final String SECRET = "Zx9-secret.of_the+operator/0123456789=";
    private static final String OTHERS = "sk-proj-AbCdEf0123456789";
    private static final List<String> AROUND = List.of(
            "",
            " ",
            "\"",
            "'",
            "(",
            "x",
            "Bearer ",
            "bearer\t",
            "\n",
            "key=",
            "Key: ",
            "\u00e9",
            "\ud83d\ude00",
            "\ud800",
            "\u0000",
            "%");
    private static final List<String> MEMBERS = List.of("message", "type", "param", "code");

    @Test
    void noKeyComesThroughWhereverItStands() {
        for (int seed = 0; seed < CASES; seed++) {
            Random random = new Random(seed);
            ObjectNode root = JSON.createObjectNode();
            ObjectNode error = root.putObject("error");
            for (String member : MEMBERS) {
                error.put(member, complaint(random));
            }
            if (random.nextInt(8) == 0) {
                root.put("error", complaint(random));
            }

            String said = said(new RejectionReader(SECRET).read(root.toString()));

            assertThat(said).as("seed %d", seed).doesNotContain(SECRET, OTHERS);
        }
    }

    @Test
    void readsAnythingAtAllAndNeverFails() {
        byte[] good = ("{\"error\":{\"message\":\"no \ud83d\ude00 " + SECRET
                        + "\",\"type\":null,\"code\":1e99,\"param\":[{}]}}")
                .getBytes(StandardCharsets.UTF_8);
        for (int seed = 0; seed < CASES; seed++) {
            Random random = new Random(seed);
            byte[] bytes = good.clone();
            for (int i = random.nextInt(4); i >= 0; i--) {
                bytes[random.nextInt(bytes.length)] = (byte) random.nextInt(256);
            }

            String text = new String(bytes, 0, random.nextInt(bytes.length + 1), StandardCharsets.UTF_8);

            assertThat(said(new RejectionReader(SECRET).read(text))).doesNotContain(SECRET);
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                " ",
                "null",
                "7",
                "[]",
                "<html>",
                "{\"error\":null}",
                "{\"error\":[]}",
                "{\"error\":{\"message\":{}}}"
            })
    void makesNothingOfWhatIsNoComplaint(String body) {
        assertThat(said(new RejectionReader(SECRET).read(body))).isEqualTo("\n\n\n");
    }

    @Test
    void isBoundedInDepthAndLength() {
        String deep = "{\"error\":" + "[".repeat(100_000);
        String large = "{\"error\":{\"message\":\"" + "a".repeat(100_000) + "\",\"code\":" + "9".repeat(100_000) + "}}";
        String wordy = "{\"error\":{\"message\":\"" + "a ".repeat(100_000) + "\"}}";

        for (String body : List.of(deep, large, wordy)) {
            assertThat(said(new RejectionReader(SECRET).read(body))).hasSizeLessThan(2_000);
        }
    }

    /** Most of a complaint is longer than is passed on, so that keys stand across the cut, too. */
    private static String complaint(Random random) {
        StringBuilder text = new StringBuilder("a ".repeat(random.nextInt(600)));
        for (int i = random.nextInt(4); i >= 0; i--) {
            text.append(AROUND.get(random.nextInt(AROUND.size())))
                    .append(random.nextBoolean() ? SECRET : " " + OTHERS)
                    .append(AROUND.get(random.nextInt(AROUND.size())));
        }
        return text.toString();
    }

    private static String said(UpstreamRejection rejection) {
        return String.join("\n", rejection.message(), rejection.type(), rejection.param(), rejection.code());
    }
}
