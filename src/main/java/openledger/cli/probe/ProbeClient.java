package openledger.cli.probe;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.net.http.HttpClient;
import java.net.http.HttpHeaders;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import openledger.cli.ForeignJson;
import openledger.cli.probe.ProbeTarget.Twin;
import openledger.fairness.twin.TwinAnswer;

/** Sends twins and reads their answers, of any content: at most 1 MiB, within a time, without redirects. Blocks its caller. Thread-safe. */
final class ProbeClient implements AutoCloseable {
    private static final Duration LONGEST_CONNECT = Duration.ofSeconds(5);
    private static final int LARGEST = 1 << 20;
    private static final int LONGEST_MODEL = 200;
    private static final int MOST_RETRIES = 1_000;
    private static final int OK = 200;
    private static final double NANOS_A_MILLI = 1e6;
    private static final String DATA = "data:";
    private static final String DONE = "[DONE]";

    private final ProbeTarget target;
    private final String retriesHeader;
    private final HttpClient client;

    /** @param retriesHeader that shows attempts or retries, empty if there is none */
    ProbeClient(ProbeTarget target, String retriesHeader) {
        this.target = target;
        this.retriesHeader = retriesHeader;
        this.client = HttpClient.newBuilder()
                .connectTimeout(LONGEST_CONNECT)
                .followRedirects(HttpClient.Redirect.NEVER)
                .version(HttpClient.Version.HTTP_1_1)
                .build();
    }

    /**
     * What became of a request.
     *
     * @param answer for the statistics
     * @param status of the answer, 0 if there was none
     * @param why it is a refusal, in a few words of our own; empty if it is none
     */
    record Got(TwinAnswer answer, int status, String why) {
        static Got refused(int status, String why) {
            return new Got(TwinAnswer.refused(), status, why);
        }
    }

    Got send(Twin twin, int number) throws InterruptedException {
        HttpRequest request = target.request(twin, number);
        long began = System.nanoTime();
        CompletableFuture<HttpResponse<byte[]>> asked =
                client.sendAsync(request, BodyHandlers.limiting(BodyHandlers.ofByteArray(), LARGEST));
        try {
            HttpResponse<byte[]> response = asked.get(target.timeout().toMillis(), TimeUnit.MILLISECONDS);
            double millis = Math.max(1, System.nanoTime() - began) / NANOS_A_MILLI;
            return response.statusCode() == OK
                    ? read(response, target.isStreamed(twin), millis)
                    : Got.refused(response.statusCode(), "status " + response.statusCode());
        } catch (TimeoutException e) {
            return Got.refused(0, "no whole answer in time");
        } catch (ExecutionException e) {
            return Got.refused(0, "no answer, or one that is too large");
        } finally {
            asked.cancel(true);
        }
    }

    private Got read(HttpResponse<byte[]> response, boolean isStreamed, double millis) {
        try {
            int retries = retries(response.headers());
            return new Got(
                    isStreamed ? streamed(response.body(), retries, millis) : whole(response.body(), retries, millis),
                    OK,
                    "");
        } catch (IOException e) {
            return Got.refused(OK, "an answer that is none");
        }
    }

    private static TwinAnswer whole(byte[] body, int retries, double millis) throws IOException {
        JsonNode answer = ForeignJson.read(body);
        if (answer.path("choices").isEmpty()) {
            throw new IOException("no choices");
        }
        return new TwinAnswer(false, millis, model(answer), tokens(answer), retries);
    }

    private static TwinAnswer streamed(byte[] body, int retries, double millis) throws IOException {
        String model = "";
        long tokens = TwinAnswer.UNKNOWN;
        boolean isDone = false;
        for (String line : List.of(new String(body, StandardCharsets.UTF_8).split("\r\n|\n|\r"))) {
            String data = line.startsWith(DATA) ? line.substring(DATA.length()).strip() : "";
            if (data.equals(DONE)) {
                isDone = true;
            } else if (!data.isEmpty()) {
                JsonNode chunk = ForeignJson.read(data.getBytes(StandardCharsets.UTF_8));
                if (chunk.has("error")) {
                    throw new IOException("an error in the stream");
                }
                model = model.isEmpty() ? model(chunk) : model;
                tokens = Math.max(tokens, tokens(chunk));
            }
        }
        if (!isDone) {
            throw new IOException("the stream broke off");
        }
        return new TwinAnswer(false, millis, model, tokens, retries);
    }

    private static String model(JsonNode answer) {
        String model = answer.path("model").asText("");
        return model.substring(0, Math.min(LONGEST_MODEL, model.length()));
    }

    private static long tokens(JsonNode answer) {
        JsonNode tokens = answer.path("usage").path("completion_tokens");
        return tokens.canConvertToInt() && tokens.isIntegralNumber() && tokens.intValue() >= 0
                ? tokens.intValue()
                : TwinAnswer.UNKNOWN;
    }

    private int retries(HttpHeaders headers) {
        return retriesHeader.isEmpty()
                ? TwinAnswer.UNKNOWN
                : headers.firstValue(retriesHeader)
                        .filter(text -> text.matches("[0-9]{1,4}"))
                        .map(Integer::parseInt)
                        .filter(count -> count <= MOST_RETRIES)
                        .orElse(TwinAnswer.UNKNOWN);
    }

    @Override
    public void close() {
        client.shutdownNow();
    }
}
