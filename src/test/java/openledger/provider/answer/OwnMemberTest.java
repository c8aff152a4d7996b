package openledger.provider.answer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.vertx.core.buffer.Buffer;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class OwnMemberTest {
    private static final int CASES = 5_000;
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final List<String> OTHERS = List.of(
            "\"id\":\"openledger\"",
            "\"text\":\"he said \\\"openledger\\\": {}\"",
            "\"a\\\\\":1.50",
            "\"nested\":{\"openledger\":[1,{\"openledger\":null}]}",
            "\"list\":[{\"openledger\":1},\"openledger\"]",
            "\"openledgers\":-0.0e-7",
            "\"openledge\":true",
            "\"\":\"\\u006fpenledger\"");
    private static final List<String> OWN = List.of(
            "\"openledger\" : {\"attempts\":0}",
            "\"OpenLedger\":\"x\"",
            "\"\\u006fpenledger\":null",
            "\"open\\u004Cedger\":[1,[2]]",
            "\"openledger\":7",
            "\"openledger\":\"a\\\"}\"");

    @Test
    void isFoundAndCutWhereverItStandsHoweverTheBytesArrive() throws IOException {
        for (int seed = 0; seed < CASES; seed++) {
            Random random = new Random(seed);
            StringBuilder text = new StringBuilder(" {");
            int members = 1 + random.nextInt(5);
            boolean has = false;
            for (int i = 0; i < members; i++) {
                boolean own = random.nextInt(4) == 0;
                has |= own;
                text.append(i == 0 ? "" : random.nextBoolean() ? "," : " ,\n ");
                text.append(pick(own ? OWN : OTHERS, random));
            }
            byte[] document = text.append("} ").toString().getBytes(StandardCharsets.UTF_8);

            assertThat(scan(document, random)).as("seed %d: %s", seed, text).isEqualTo(has);

            byte[] rest = OwnMember.cut(document);
            assertThat(OwnMember.in(rest, 0, rest.length))
                    .as("seed %d: %s", seed, text)
                    .isFalse();
            assertThat(JSON.readTree(rest)).as("seed %d: %s", seed, text).isEqualTo(without(JSON.readTree(document)));
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"{\"openledger\":1", "{\"openledger\":1}{}", "{\"openledger\":}", "[1]", "", "{\"a\":1,}"})
    void nothingIsCutFromWhatIsNoObject(String text) {
        assertThatThrownBy(() -> OwnMember.cut(text.getBytes(StandardCharsets.UTF_8)))
                .isInstanceOf(IOException.class);
    }

    private static boolean scan(byte[] document, Random random) {
        OwnMember scan = new OwnMember();
        int at = 0;
        while (at < document.length) {
            int to = Math.min(document.length, at + 1 + random.nextInt(9));
            scan.accept(Buffer.buffer().appendBytes(document, at, to - at));
            at = to;
        }
        return scan.found();
    }

    private static JsonNode without(JsonNode document) {
        ObjectNode copy = document.deepCopy();
        document.fieldNames().forEachRemaining(name -> {
            if (OwnMember.isName(name)) {
                copy.remove(name);
            }
        });
        return copy;
    }

    private static String pick(List<String> from, Random random) {
        return from.get(random.nextInt(from.size()));
    }
}
