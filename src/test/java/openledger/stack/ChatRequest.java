package openledger.stack;

import java.nio.charset.StandardCharsets;
import java.util.Locale;

/** The bytes of a chat request over HTTP/1.1. */
final class ChatRequest {
    private ChatRequest() {}

    static byte[] of(String model, String stream, String extraHeaders) {
        String body = """
                {"model":"%s","stream":%s,"messages":[{"role":"system","content":"You are a helpful assistant."},\
                {"role":"user","content":"Hello!"}]}""".formatted(model, stream);
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
