package openledger.provider;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.util.regex.Pattern;
import openledger.inference.UpstreamRejection;

/** Reads a provider's complaint, bounded, and takes out whatever might be a secret of ours. */
final class RejectionReader {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final Pattern KEY_LIKE =
            Pattern.compile("(?i)(bearer\\s+)?\\b(sk|pk|rk|key|gsk|xai)[-_][A-Za-z0-9_*.-]{6,}|bearer\\s+\\S+");
    private static final String REDACTED = "[redacted]";
    private static final int LONGEST_MESSAGE = 1_000;
    private static final int LONGEST_WORD = 200;

    private final String secret;

    RejectionReader(String secret) {
        this.secret = secret;
    }

    /** The complaint in a body; empty members where the body does not have OpenAI's form. */
    UpstreamRejection read(String body) {
        JsonNode error;
        try {
            JsonNode root = JSON.readTree(body);
            error = root == null ? JSON.missingNode() : root.path("error");
        } catch (JsonProcessingException e) {
            error = JSON.missingNode();
        }
        String message =
                error.isTextual() ? error.asText() : error.path("message").asText("");
        return new UpstreamRejection(
                clean(message, LONGEST_MESSAGE),
                clean(error.path("type").asText(""), LONGEST_WORD),
                clean(error.path("param").isNull() ? "" : error.path("param").asText(""), LONGEST_WORD),
                clean(error.path("code").isNull() ? "" : error.path("code").asText(""), LONGEST_WORD));
    }

    private String clean(String text, int longest) {
        String known = secret.isEmpty() ? text : text.replace(secret, REDACTED);
        String safe = KEY_LIKE.matcher(known).replaceAll(REDACTED);
        return safe.length() <= longest ? safe : safe.substring(0, longest);
    }
}
