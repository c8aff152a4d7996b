package openledger.wiring.warmup;

import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.core.http.HttpServerRequest;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/** A provider on 127.0.0.1 that says the same to everybody, as an answer or as a stream, in both dialects. Confined to its event loop. */
final class WarmUpProvider {
    private static final int WORDS = 16;
    private static final String EVENTS = "text/event-stream";
    private static final String JSON = "application/json";

    private static final String CHAT = """
            {"id":"chatcmpl-1","object":"chat.completion","created":1,"model":"warm-up","choices":[{"index":0,\
            "message":{"role":"assistant","content":"One two three."},"finish_reason":"stop"}],\
            "usage":{"prompt_tokens":12,"completion_tokens":16,"total_tokens":28}}""";
    private static final String CHAT_STREAM =
            words(word -> chunk("[{\"index\":0,\"delta\":{\"content\":\"" + word + "\"},\"finish_reason\":null}]", ""))
                    + chunk("[{\"index\":0,\"delta\":{},\"finish_reason\":\"stop\"}]", "")
                    + chunk("[]", ",\"usage\":{\"prompt_tokens\":12,\"completion_tokens\":16,\"total_tokens\":28}")
                    + "data: [DONE]\n\n";
    private static final String MESSAGE = """
            {"id":"msg_1","type":"message","role":"assistant","model":"warm-up","content":[{"type":"text","text":"One two three."}],\
            "stop_reason":"end_turn","stop_sequence":null,"usage":{"input_tokens":12,"output_tokens":16}}""";
    private static final String MESSAGE_STREAM = event("message_start", """
                    "message":{"id":"msg_1","type":"message","role":"assistant","model":"warm-up","content":[],"stop_reason":null,\
                    "stop_sequence":null,"usage":{"input_tokens":12,"output_tokens":1}}""")
            + event("content_block_start", "\"index\":0,\"content_block\":{\"type\":\"text\",\"text\":\"\"}")
            + words(word -> event(
                    "content_block_delta", "\"index\":0,\"delta\":{\"type\":\"text_delta\",\"text\":\"" + word + "\"}"))
            + event("content_block_stop", "\"index\":0")
            + event(
                    "message_delta",
                    "\"delta\":{\"stop_reason\":\"end_turn\",\"stop_sequence\":null},\"usage\":{\"output_tokens\":16}")
            + event("message_stop", "");

    private final HttpServer server;

    WarmUpProvider(Vertx vertx) {
        server = vertx.createHttpServer(here())
                .requestHandler(request -> request.body().onSuccess(body -> answer(request, body)));
    }

    /** Any port of this machine, for HTTP/1.1 alone, as all doors of ours are. */
    static HttpServerOptions here() {
        return new HttpServerOptions()
                .setHost("127.0.0.1")
                .setPort(0)
                .setHttp2ClearTextEnabled(false)
                .setUseAlpn(false);
    }

    Future<Integer> open() {
        return server.listen().map(HttpServer::actualPort);
    }

    void close() {
        server.close();
    }

    private static void answer(HttpServerRequest request, Buffer body) {
        boolean isStream = body.toString().contains("\"stream\":true");
        boolean isMessage = request.uri().endsWith("/messages");
        request.response().putHeader(HttpHeaders.CONTENT_TYPE, isStream ? EVENTS : JSON);
        if (isStream) {
            request.response().setChunked(true);
            request.response().end(isMessage ? MESSAGE_STREAM : CHAT_STREAM);
        } else {
            request.response().end(isMessage ? MESSAGE : CHAT);
        }
    }

    private static String words(Function<String, String> event) {
        return IntStream.range(0, WORDS).mapToObj(i -> event.apply("word " + i)).collect(Collectors.joining());
    }

    private static String chunk(String choices, String more) {
        return "data: {\"id\":\"chatcmpl-1\",\"object\":\"chat.completion.chunk\",\"created\":1,\"model\":\"warm-up\",\"choices\":"
                + choices + more + "}\n\n";
    }

    private static String event(String type, String members) {
        return "event: " + type + "\ndata: {\"type\":\"" + type + "\"" + (members.isEmpty() ? "" : "," + members)
                + "}\n\n";
    }
}
