package openledger.bench.faults;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicReference;
import openledger.bench.faults.ClientView.End;
import openledger.bench.faults.UpstreamFault.Shape;
import openledger.demo.LocalStack;
import org.jspecify.annotations.Nullable;

/** Asks for a chat completion as SDKs do, and keeps whatever comes. Thread-safe. */
final class FaultClient implements AutoCloseable {
    private static final Head NOTHING = new Head(0, "");

    private final HttpClient client = HttpClient.newBuilder()
            .version(HttpClient.Version.HTTP_1_1)
            .connectTimeout(Duration.ofSeconds(5))
            .build();
    private final Duration patience;

    /** @param patience with a whole answer */
    FaultClient(Duration patience) {
        this.patience = patience;
    }

    /**
     * Where a gateway, or a provider, is asked.
     *
     * @param headers beside a key and a content type
     */
    record Door(int port, String model, Map<String, String> headers) {}

    private record Head(int status, String coding) {}

    ClientView ask(Door door, Shape shape) throws InterruptedException {
        AtomicReference<@Nullable InputStream> body = new AtomicReference<>();
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        AtomicReference<Head> seen = new AtomicReference<>(NOTHING);
        CompletableFuture<End> end = new CompletableFuture<>();
        Thread reader = Thread.ofVirtual().start(() -> end.complete(read(request(door, shape), body, bytes, seen)));
        End ended = End.SILENT;
        try {
            ended = end.get(patience.toMillis(), TimeUnit.MILLISECONDS);
        } catch (TimeoutException silent) {
            leave(reader, body.get());
        } catch (ExecutionException bug) {
            throw new IllegalStateException(bug);
        }
        synchronized (bytes) {
            return ClientView.of(seen.get().status(), seen.get().coding(), bytes.toByteArray(), ended);
        }
    }

    private End read(
            HttpRequest request,
            AtomicReference<@Nullable InputStream> body,
            ByteArrayOutputStream bytes,
            AtomicReference<Head> seen) {
        try {
            HttpResponse<InputStream> response = client.send(request, HttpResponse.BodyHandlers.ofInputStream());
            body.set(response.body());
            seen.set(new Head(
                    response.statusCode(),
                    response.headers().firstValue("content-encoding").orElse("")));
            byte[] piece = new byte[8_192];
            for (int read = response.body().read(piece);
                    read >= 0;
                    read = response.body().read(piece)) {
                synchronized (bytes) {
                    bytes.write(piece, 0, read);
                }
            }
            return End.WHOLE;
        } catch (IOException broken) {
            return End.BROKEN;
        } catch (InterruptedException left) {
            return End.SILENT;
        }
    }

    private static void leave(Thread reader, @Nullable InputStream body) {
        reader.interrupt();
        try {
            if (body != null) {
                body.close();
            }
        } catch (IOException gone) {
            // That is what was wanted.
        }
    }

    private static HttpRequest request(Door door, Shape shape) {
        String stream = switch (shape) {
            case DOCUMENT -> "";
            case STREAM -> ",\"stream\":true";
            case STREAM_WITH_USAGE -> ",\"stream\":true,\"stream_options\":{\"include_usage\":true}";
        };
        String text = "{\"model\":\"" + door.model() + "\",\"messages\":[{\"role\":\"user\",\"content\":\"Hello\"}]"
                + stream + "}";
        HttpRequest.Builder request = HttpRequest.newBuilder(
                        URI.create("http://127.0.0.1:" + door.port() + "/v1/chat/completions"))
                .header("authorization", "Bearer " + LocalStack.KEY)
                .header("content-type", "application/json")
                .header("accept", "application/json")
                .header("accept-encoding", "gzip, deflate");
        door.headers().forEach(request::header);
        return request.POST(HttpRequest.BodyPublishers.ofString(text)).build();
    }

    @Override
    public void close() {
        client.shutdownNow();
    }
}
