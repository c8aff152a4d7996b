package openledger.demo;

import java.nio.charset.StandardCharsets;
import java.util.Locale;
import openledger.routing.Gate;

/** The bytes of a chat request over HTTP/1.1. */
public final class ChatRequest {
    private ChatRequest() {}

    public static byte[] of(String model, String stream, String extraHeaders) {
        return of(model, stream, extraHeaders, "");
    }

    /** A plain request in confirmed mode behind a gate. */
    public static byte[] confirmed(String model, Gate gate) {
        return of(model, "false", "", "\"openledger\":{\"mode\":\"confirmed\",\"gate\":\"" + gate.word() + "\"},");
    }

    /** The same, asked with another key. */
    public static byte[] as(String key, byte[] request) {
        return new String(request, StandardCharsets.US_ASCII)
                .replace(LocalStack.KEY, key)
                .getBytes(StandardCharsets.US_ASCII);
    }

    /** With further members, each with a comma behind it. */
    static byte[] of(String model, String stream, String extraHeaders, String members) {
        String body = """
                {%s"model":"%s","stream":%s,"messages":[{"role":"system","content":"You are a helpful assistant."},\
                {"role":"user","content":"Hello!"}]}""".formatted(members, model, stream);
        String head = String.format(
                Locale.ROOT,
                "POST /v1/chat/completions HTTP/1.1\r\nhost: 127.0.0.1\r\ncontent-type: application/json\r\n"
                        + "authorization: Bearer %s\r\n%scontent-length: %d\r\n\r\n",
                LocalStack.KEY,
                extraHeaders,
                body.length());
        return (head + body).getBytes(StandardCharsets.US_ASCII);
    }
}
