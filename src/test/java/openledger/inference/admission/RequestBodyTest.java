package openledger.inference.admission;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HexFormat;
import java.util.List;
import java.util.Random;
import openledger.inference.admission.RequestBody.MalformedBody;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Long because it holds a parser of its own against ours in several ways. */
final class RequestBodyTest {
    private static final ObjectMapper JSON = new ObjectMapper();

    @Test
    void replacesTheModelAndLeavesEveryOtherByteAlone() throws MalformedBody {
        RequestBody body = of(
                " { \"a\" : [1, 2.50 ,\"x\\u0041\"],\n \"model\" : \"assistant\" , \"z\":{\"model\":\"inner\"} }\r\n");

        assertThat(body.model()).isEqualTo("assistant");
        assertThat(spliced(body))
                .isEqualTo(
                        " { \"a\" : [1, 2.50 ,\"x\\u0041\"],\n \"model\" : \"big\" , \"z\":{\"model\":\"inner\"} }\r\n");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{\"openledger\":{\"mode\":\"fast\"},\"model\":\"m\",\"n\":1}",
                "{\"model\":\"m\",\"openledger\":{\"mode\":\"fast\"},\"n\":1}",
                "{\"model\":\"m\",\"n\":1,\"openledger\":{\"mode\":\"fast\"}}",
            })
    void takesOurOwnMemberOut(String text) throws MalformedBody {
        RequestBody body = of(text);

        assertThat(body.ownMember()).contains("{\"mode\":\"fast\"}");
        assertThat(spliced(body)).isEqualTo("{\"model\":\"big\",\"n\":1}");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '\0',
            value = {
                "{\"model\":\"m\",\"n\":1} | {\"model\":\"big\",\"stream_options\":{\"include_usage\":true},\"n\":1}",
                "{\"openledger\":{},\"model\":\"m\"} | {\"model\":\"big\",\"stream_options\":{\"include_usage\":true}}",
                "{\"model\":\"m\",\"stream_options\":null} | {\"model\":\"big\",\"stream_options\":{\"include_usage\":true}}",
                "{\"stream_options\":{},\"model\":\"m\"} | {\"stream_options\":{\"include_usage\":true},\"model\":\"big\"}",
                "{\"stream_options\":{\"include_usage\":false,\"x\":[1]},\"model\":\"m\",\"openledger\":{}} |"
                        + " {\"stream_options\":{\"include_usage\":true,\"x\":[1]},\"model\":\"big\"}",
                "{\"model\":\"m\",\"stream_options\":[]} | {\"model\":\"big\",\"stream_options\":[]}",
                "{\"model\":\"m\",\"stream_options\": { \"include_usage\" : true } } |"
                        + " {\"model\":\"big\",\"stream_options\": { \"include_usage\" : true } }",
            })
    void asksForTheUsageOfAStream(String text, String asking) throws MalformedBody {
        assertThat(of(text).withModelAskingForUsage("\"big\"".getBytes(StandardCharsets.US_ASCII)))
                .hasToString(asking);
    }

    @Test
    void readsNamesAsAParserWould() {
        assertThatThrownBy(() -> of("{\"model\":\"a\",\"mod\\u0065l\":\"b\"}"))
                .isInstanceOf(MalformedBody.class)
                .hasMessageContaining("is repeated");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "[]",
                "null",
                "{",
                "{\"model\"}",
                "{\"model\":}",
                "{\"model\":\"m\"",
                "{\"model\":\"m\",}",
                "{\"model\":\"m\"}x",
                "{\"model\":\"m\" \"n\":1}",
                "{\"n\":01,\"model\":\"m\"}",
                "{\"n\":1.,\"model\":\"m\"}",
                "{\"n\":-,\"model\":\"m\"}",
                "{\"n\":tru,\"model\":\"m\"}",
                "{\"n\":[1 2],\"model\":\"m\"}",
                "{\"n\":[1,],\"model\":\"m\"}",
                "{\"n\":{\"a\":1,},\"model\":\"m\"}",
                "{\"n\":\"\n\",\"model\":\"m\"}",
                "{\"n\":[}],\"model\":\"m\"}",
                "{\"model\":\"m\\",
                "{model:1}",
                "{\"model\":7}",
                "{\"n\":1}",
                "{\"model\":\"m\",\"stream\":1}",
                "{\"model\":\"m\",\"stream\":\"true\"}",
                "{\"model\":\"m\",\"n\":1e}",
            })
    void refusesWhatCannotBeRouted(String text) {
        assertThatThrownBy(() -> of(text)).isInstanceOf(MalformedBody.class).hasMessageEndingWith(".");
    }

    @Test
    void refusesNestingBeyondTheLimitWithoutRecursion() {
        String deep = "{\"model\":\"m\",\"x\":" + "[".repeat(1_000_000);

        assertThatThrownBy(() -> of(deep)).isInstanceOf(MalformedBody.class).hasMessageContaining("nested deeper");
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8})
    void anyDocumentComesOutAsAParserWouldHaveChangedIt(long seed) throws IOException, MalformedBody {
        Random random = new Random(seed);
        for (int run = 0; run < 300; run++) {
            ObjectNode document = document(random);
            String text = random.nextBoolean() ? document.toString() : document.toPrettyString();

            JsonNode out = JSON.readTree(spliced(of(text)));

            document.remove("openledger");
            document.put("model", "big");
            assertThat(out).isEqualTo(document);
        }
    }

    @ParameterizedTest
    @ValueSource(longs = {11, 12, 13, 14})
    void acceptsOnlyWhatAParserAccepts(long seed) {
        Random random = new Random(seed);
        int refused = 0;
        for (int run = 0; run < 2_000; run++) {
            byte[] bytes = document(random).toString().getBytes(StandardCharsets.UTF_8);
            for (int i = 0; i <= random.nextInt(3); i++) {
                bytes[random.nextInt(bytes.length)] = (byte) "{}[]\",:0e-+.tfn\\ x".charAt(random.nextInt(18));
            }
            try {
                RequestBody.of(bytes, 64);
                JSON.readTree(StandardCharsets.UTF_8
                        .newDecoder()
                        .decode(ByteBuffer.wrap(bytes))
                        .toString());
            } catch (MalformedBody expected) {
                refused++;
            } catch (IOException e) {
                throw new AssertionError("accepted: " + new String(bytes, StandardCharsets.UTF_8), e);
            }
        }
        assertThat(refused).isPositive();
    }

    /** As {@link #acceptsOnlyWhatAParserAccepts}, but the bytes are made to be wrong inside of strings. */
    @ParameterizedTest
    @ValueSource(longs = {21, 22, 23, 24})
    void readsStringsAsAParserDoes(long seed) {
        Random random = new Random(seed);
        List<String> pieces =
                List.of("\\u", "\\", "0", "7", "a", "F", "g", "\uff10", "\u0661", "n", "x", "/", "\"", "é", "\u007f");
        int accepted = 0;
        int refused = 0;
        for (int run = 0; run < 4_000; run++) {
            ByteArrayOutputStream text = new ByteArrayOutputStream();
            for (int i = random.nextInt(8); i >= 0; i--) {
                if (random.nextInt(12) == 0) {
                    text.write(random.nextInt(256));
                } else {
                    text.writeBytes(pieces.get(random.nextInt(pieces.size())).getBytes(StandardCharsets.UTF_8));
                }
            }
            byte[] bytes = surrounded(random.nextBoolean() ? "{\"" : "{\"model\":\"m\",\"x\":[\"", text.toByteArray());
            boolean sound = isSound(bytes);
            try {
                RequestBody.of(bytes, 64);
                assertThat(sound).as(new String(bytes, StandardCharsets.UTF_8)).isTrue();
                accepted++;
            } catch (MalformedBody e) {
                assertThat(sound).as(new String(bytes, StandardCharsets.UTF_8)).isFalse();
                refused++;
            }
        }
        assertThat(accepted).isPositive();
        assertThat(refused).isPositive();
    }

    private static byte[] surrounded(String before, byte[] text) {
        ByteArrayOutputStream whole = new ByteArrayOutputStream();
        whole.writeBytes(before.getBytes(StandardCharsets.UTF_8));
        whole.writeBytes(text);
        String after = before.endsWith("[\"") ? "\"]}" : "\":1,\"model\":\"m\"}";
        whole.writeBytes(after.getBytes(StandardCharsets.UTF_8));
        return whole.toByteArray();
    }

    /** Whether a strict decoder and a strict parser take it. Jackson is that with bytes only: with characters it takes some letters for digits. */
    private static boolean isSound(byte[] bytes) {
        try (JsonParser parser = new JsonFactory().createParser(bytes)) {
            StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes));
            while (parser.nextToken() != null) {
                // Its names are read, and its strings to their ends.
                parser.getText();
            }
            return true;
        } catch (IOException e) {
            return false;
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "c080",
                "c1bf",
                "e08080",
                "e09fbf",
                "eda080",
                "edbfbf",
                "f08080af",
                "f4908080",
                "f5808080",
                "80",
                "bf",
                "c3",
                "e282",
                "f09f98",
                "fe",
                "ff",
                "c328",
                "e228a1",
                "f0288cbc"
            })
    void refusesWhatIsNotUtf8(String hex) {
        byte[] bytes = surrounded(
                "{\"x\":[\"".replace("{", "{\"model\":\"m\","), HexFormat.of().parseHex(hex));

        assertThatThrownBy(() -> RequestBody.of(bytes, 64))
                .isInstanceOf(MalformedBody.class)
                .hasMessageContaining("not UTF-8");
    }

    @ParameterizedTest
    @ValueSource(longs = {31, 32, 33})
    void refusesOurNamesInAnyOtherCase(long seed) {
        Random random = new Random(seed);
        for (int run = 0; run < 500; run++) {
            String name = List.of("model", "stream", "openledger").get(random.nextInt(3));
            String other = inOtherCase(name, random);
            StringBuilder written = new StringBuilder();
            for (int i = 0; i < other.length(); i++) {
                char c = other.charAt(i);
                written.append(random.nextInt(4) == 0 ? "\\u%04x".formatted((int) c) : String.valueOf(c));
            }
            String member = "\"" + written + "\":" + (name.equals("model") ? "\"m\"" : "true");
            String text =
                    random.nextBoolean() ? "{" + member + ",\"model\":\"m\"}" : "{\"model\":\"m\"," + member + "}";

            assertThatThrownBy(() -> of(text))
                    .as(text)
                    .isInstanceOfSatisfying(
                            MalformedBody.class, e -> assertThat(e.member()).isEqualTo(other.replace('\u017f', '?')))
                    .hasMessageContaining("'" + name + "' only in letter case");
        }
    }

    private static String inOtherCase(String name, Random random) {
        StringBuilder other = new StringBuilder();
        do {
            other.setLength(0);
            for (int i = 0; i < name.length(); i++) {
                char c = name.charAt(i);
                boolean longS = c == 's' && random.nextInt(3) == 0;
                other.append(longS ? '\u017f' : random.nextBoolean() ? Character.toUpperCase(c) : c);
            }
        } while (name.contentEquals(other));
        return other.toString();
    }

    @Test
    void takesOurNamesInAnyCaseBelowTheTopLevel() throws MalformedBody {
        assertThat(of("{\"model\":\"m\",\"x\":{\"Model\":1,\"STREAM\":2,\"OpenLedger\":3},\"Models\":1}")
                        .model())
                .isEqualTo("m");
    }

    private static ObjectNode document(Random random) {
        List<String> names = new ArrayList<>(List.of("model", "messages", "stream", "openledger", "tools", "é\"\\"));
        Collections.shuffle(names, random);
        ObjectNode document = JSON.createObjectNode();
        for (String name : names) {
            switch (name) {
                case "model" -> document.put(name, "assistant");
                case "stream" -> document.put(name, random.nextBoolean());
                case "openledger" -> {
                    if (random.nextBoolean()) {
                        document.putObject(name).put("mode", "fast");
                    }
                }
                default -> document.set(name, value(random, 0));
            }
        }
        return document;
    }

    @Test
    void aLargeBodyIsSplicedWithoutACopyAndReadsTheSame() throws MalformedBody {
        String large = "x".repeat(200_000);
        for (String form : List.of(
                "{\"model\":\"a\",\"m\":\"%s\"}",
                "{\"m\":\"%s\",\"openledger\":{},\"model\":\"a\"}",
                "{\"model\":\"a\",\"openledger\":{},\"m\":\"%s\"}")) {
            String small = spliced(of(form.formatted("")));

            String spliced = spliced(of(form.formatted(large)));

            assertThat(spliced).isEqualTo(small.replace("\"m\":\"\"", "\"m\":\"" + large + "\""));
        }
    }

    private static JsonNode value(Random random, int depth) {
        return switch (random.nextInt(depth > 3 ? 5 : 7)) {
            case 0 -> JSON.getNodeFactory().textNode("q\"\\\n\u0001é😀" + random.nextInt());
            case 1 -> JSON.getNodeFactory().numberNode(random.nextInt());
            case 2 -> JSON.getNodeFactory().numberNode(random.nextInt() / 64.0);
            case 3 -> JSON.getNodeFactory().booleanNode(random.nextBoolean());
            case 4 -> JSON.getNodeFactory().nullNode();
            case 5 -> {
                var array = JSON.createArrayNode();
                for (int i = random.nextInt(4); i > 0; i--) {
                    array.add(value(random, depth + 1));
                }
                yield array;
            }
            default -> {
                var object = JSON.createObjectNode();
                for (int i = random.nextInt(4); i > 0; i--) {
                    object.set("k" + i, value(random, depth + 1));
                }
                yield object;
            }
        };
    }

    private static RequestBody of(String text) throws MalformedBody {
        return RequestBody.of(text.getBytes(StandardCharsets.UTF_8), 64);
    }

    private static String spliced(RequestBody body) {
        return body.withModel("\"big\"".getBytes(StandardCharsets.UTF_8)).toString(StandardCharsets.UTF_8);
    }
}
