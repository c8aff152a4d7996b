package openledger.inference;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import openledger.inference.RequestBody.MalformedBody;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

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

    @Test
    void readsNamesAsAParserWould() {
        assertThatThrownBy(() -> of("{\"model\":\"a\",\"mod\\u0065l\":\"b\"}"))
                .isInstanceOf(MalformedBody.class)
                .hasMessageContaining("stands twice");
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
                // Byte by byte: whether a string is good UTF-8 is the provider's affair, we pass it on unread.
                JSON.readTree(new String(bytes, StandardCharsets.ISO_8859_1));
            } catch (MalformedBody expected) {
                refused++;
            } catch (IOException e) {
                if (!String.valueOf(e.getMessage()).contains("escape")) {
                    throw new AssertionError("accepted: " + new String(bytes, StandardCharsets.UTF_8), e);
                }
            }
        }
        assertThat(refused).isPositive();
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
