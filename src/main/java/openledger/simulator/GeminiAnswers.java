package openledger.simulator;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServerRequest;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Gemini's {@code generateContent}: a sentence, or a call of the first function. The address decides whether it is a stream. */
final class GeminiAnswers implements SimulatedDialect {
    private static final Pattern PLACE = Pattern.compile("/v1/models/([^/:?]+)(:.*)");
    private static final String ANY_MODEL = "/v1/models/*";

    private final SimulatedWords words;
    private final Form form;

    /** The two ways to ask. */
    enum Form {
        PLAIN(":generateContent"),
        /** Without {@code alt=sse} Gemini would send one growing list. */
        STREAM(":streamGenerateContent?alt=sse");

        private final String method;

        Form(String method) {
            this.method = method;
        }
    }

    GeminiAnswers(SimulatedWords words, Form form) {
        this.words = words;
        this.form = form;
    }

    /** The address with an asterisk for the model, as {@link #path} has it. */
    static String placeOf(String uri) {
        Matcher place = PLACE.matcher(uri);
        return place.matches() ? ANY_MODEL + place.group(2) : uri;
    }

    @Override
    public String path() {
        return ANY_MODEL + form.method;
    }

    @Override
    public Optional<Buffer> refusal(HttpServerRequest request, JsonNode root) {
        return MemberRules.ofBody(root)
                .also(GeminiRules.objection(root))
                .objection()
                .map(objection -> error(400, objection.message()));
    }

    @Override
    public SimulatedAnswer to(HttpServerRequest request, JsonNode root) {
        Matcher place = PLACE.matcher(request.uri());
        boolean refused = "NONE"
                .equals(root.path("toolConfig")
                        .path("functionCallingConfig")
                        .path("mode")
                        .asText());
        return new Answer(
                place.matches() ? place.group(1) : "?",
                refused ? "" : root.at("/tools/0/functionDeclarations/0/name").asText(""),
                Math.max(1, root.at("/generationConfig/candidateCount").asInt()));
    }

    @Override
    public Buffer error(int status, String message) {
        return SimulatedWords.document(problem(status, message));
    }

    private static ObjectNode problem(int status, String message) {
        ObjectNode root = SimulatedWords.object();
        root.putObject("error").put("code", status).put("message", message).put("status", wordOf(status));
        return root;
    }

    private static String wordOf(int status) {
        return switch (status) {
            case 401 -> "UNAUTHENTICATED";
            case 403 -> "PERMISSION_DENIED";
            case 404 -> "NOT_FOUND";
            case 429 -> "RESOURCE_EXHAUSTED";
            case 503 -> "UNAVAILABLE";
            case 504 -> "DEADLINE_EXCEEDED";
            default -> status < 500 ? "INVALID_ARGUMENT" : "INTERNAL";
        };
    }

    @Override
    public String credential(HttpServerRequest request) {
        String sent = request.getHeader("x-goog-api-key");
        return sent == null ? "" : sent;
    }

    /** To one request; {@code tool} is empty for a sentence. */
    private final class Answer implements SimulatedAnswer {
        private final String model;
        private final String tool;
        private final int candidates;

        private Answer(String model, String tool, int candidates) {
            this.model = model;
            this.tool = tool;
            this.candidates = candidates;
        }

        @Override
        public boolean isStream() {
            return form == Form.STREAM;
        }

        @Override
        public Buffer document() {
            ObjectNode root = head(words.tokens());
            for (int i = 0; i < candidates; i++) {
                part(candidate(root, i).put("finishReason", "STOP"), words.sentence(), "signed");
            }
            return SimulatedWords.document(root);
        }

        @Override
        public Buffer huge(int bytes) {
            ObjectNode root = head(words.tokens());
            parts(candidate(root, 0).put("finishReason", "STOP")).put("text", "x".repeat(bytes));
            return SimulatedWords.document(root);
        }

        @Override
        public Buffer errorDocument() {
            return error(503, "simulated overload");
        }

        @Override
        public Buffer firstEvents() {
            return SimulatedWords.event(head(0));
        }

        /** A call comes whole. */
        @Override
        public Buffer token(int index) {
            ObjectNode root = head(index + 1);
            for (int i = 0; i < candidates; i++) {
                ObjectNode candidate = candidate(root, i);
                if (tool.isEmpty() || index == 0) {
                    part(candidate, words.word(index), "signed");
                }
            }
            return SimulatedWords.event(root);
        }

        @Override
        public Buffer lastEvents() {
            ObjectNode root = head(words.tokens());
            for (int i = 0; i < candidates; i++) {
                parts(candidate(root, i).put("finishReason", "STOP")).put("text", "");
            }
            return SimulatedWords.event(root);
        }

        @Override
        public Buffer errorEvents() {
            return SimulatedWords.event(problem(503, "simulated overload"));
        }

        private void part(ObjectNode candidate, String text, String signature) {
            ObjectNode part = parts(candidate);
            if (tool.isEmpty()) {
                part.put("text", text);
            } else {
                part.put("thoughtSignature", signature)
                        .putObject("functionCall")
                        .put("name", tool)
                        .putObject("args")
                        .put("city", "Bern");
            }
        }

        private static ObjectNode candidate(ObjectNode root, int index) {
            ObjectNode candidate = root.withArray("candidates").addObject();
            candidate.putObject("content").put("role", "model");
            return candidate.put("index", index);
        }

        private static ObjectNode parts(ObjectNode candidate) {
            return ((ObjectNode) candidate.get("content")).putArray("parts").addObject();
        }

        private ObjectNode head(int outputTokens) {
            ObjectNode root =
                    SimulatedWords.object().put("modelVersion", model).put("responseId", "gen-" + words.name());
            root.putObject("usageMetadata")
                    .put("promptTokenCount", SimulatedWords.PROMPT_TOKENS)
                    .put("candidatesTokenCount", outputTokens)
                    .put("totalTokenCount", SimulatedWords.PROMPT_TOKENS + outputTokens);
            return root;
        }
    }
}
