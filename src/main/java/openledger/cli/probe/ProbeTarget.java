package openledger.cli.probe;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.net.URI;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Locale;

/**
 * The requests of twins. Each asks for a number of its own, of the same length, so that no cache and no joining of equal requests makes one
 * of two. Immutable.
 *
 * @param address of the chat completions
 * @param keys of the twins: one for both, or two; never printed
 * @param model to be asked for
 * @param mostTokens of an answer
 * @param timeout for all of an answer
 * @param feature in which the twins differ
 */
record ProbeTarget(
        URI address, List<String> keys, String model, int mostTokens, Duration timeout, TwinFeature feature) {
    private static final String FILLER = "The quick brown fox jumps over the lazy dog. ";
    private static final int LONG = 40;
    /** Characters of a token, at least, of plain English; and what a request has beside its prompt. */
    private static final int CHARACTERS_A_TOKEN = 3;

    private static final int FRAME = 16;

    ProbeTarget {
        keys = List.copyOf(keys);
    }

    /** One of two. */
    enum Twin {
        FIRST,
        SECOND
    }

    /** @param number 0 to 999,999, unlike that of other requests */
    HttpRequest request(Twin twin, int number) {
        HttpRequest.Builder request = HttpRequest.newBuilder(address)
                .header("content-type", "application/json")
                .header("authorization", "Bearer " + key(twin))
                .POST(BodyPublishers.ofString(body(twin, number).toString(), StandardCharsets.UTF_8));
        if (feature instanceof TwinFeature.Header(var name, var first, var second)) {
            request.header(name, twin == Twin.FIRST ? first : second);
        }
        return request.build();
    }

    private String key(Twin twin) {
        return twin == Twin.FIRST || keys.size() == 1 ? keys.getFirst() : keys.getLast();
    }

    boolean isStreamed(Twin twin) {
        return feature instanceof TwinFeature.Stream && twin == Twin.SECOND;
    }

    ObjectNode body(Twin twin, int number) {
        ObjectNode body = JsonNodeFactory.instance.objectNode();
        body.put("model", model).put("max_tokens", mostTokens);
        body.putArray("messages").addObject().put("role", "user").put("content", prompt(twin, number));
        if (feature instanceof TwinFeature.User(var first, var second)) {
            body.put("user", twin == Twin.FIRST ? first : second);
        }
        if (isStreamed(twin)) {
            body.put("stream", true);
        }
        return body;
    }

    private String prompt(Twin twin, int number) {
        String question = String.format(Locale.ROOT, "Reply with the number %06d and nothing else.", number);
        return feature instanceof TwinFeature.Prompt && twin == Twin.SECOND ? FILLER.repeat(LONG) + question : question;
    }

    /** Tokens that a pair takes at most, by a generous estimate. */
    int tokensOfAPair() {
        int characters = prompt(Twin.FIRST, 0).length() + prompt(Twin.SECOND, 0).length();
        return characters / CHARACTERS_A_TOKEN + 2 * (FRAME + mostTokens);
    }
}
