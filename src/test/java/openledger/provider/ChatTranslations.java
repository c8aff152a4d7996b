package openledger.provider;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import openledger.provider.anthropic.MessagesRequest;
import openledger.provider.translation.Translation;
import openledger.provider.translation.Translation.Translated;
import openledger.provider.translation.Translation.Untranslatable;

/** Chat requests and their translations, in JSON with single quotes. */
public final class ChatTranslations {
    private static final ObjectMapper JSON = new ObjectMapper();

    private ChatTranslations() {}

    public static String withMessages(String messages) {
        return "{'model':'assistant','messages':[" + messages + "]}";
    }

    public static String withMember(String member) {
        return "{'model':'assistant','messages':[{'role':'user','content':'hi'}]," + member + "}";
    }

    public static Translated translated(String chat) {
        Translation translation = MessagesRequest.translate(quoted(chat).getBytes(StandardCharsets.UTF_8));
        assertThat(translation).as(chat).isInstanceOf(Translated.class);
        return (Translated) translation;
    }

    public static JsonNode body(String chat) throws IOException {
        return JSON.readTree(translated(chat)
                .body("\"sim\"".getBytes(StandardCharsets.UTF_8))
                .getBytes());
    }

    public static Untranslatable refused(String chat) {
        Translation translation = MessagesRequest.translate(quoted(chat).getBytes(StandardCharsets.UTF_8));
        assertThat(translation).as(chat).isInstanceOf(Untranslatable.class);
        return (Untranslatable) translation;
    }

    public static JsonNode json(String text) throws IOException {
        return JSON.readTree(quoted(text));
    }

    private static String quoted(String text) {
        return text.replace('\'', '"');
    }
}
