package openledger.chaos.log;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import openledger.commitment.leaf.LeafEncoding;
import openledger.commitment.log.LogNodes;
import openledger.commitment.log.NoteKey;
import openledger.commitment.log.SignedNote;
import openledger.commitment.log.SignedNote.Standing;
import openledger.commitment.log.TilePath;
import openledger.commitment.log.TiledLog;

/** A router's log as a stranger reads it: over HTTP, without an API key. Thread-safe. */
final class ServedTiles {
    private static final int LENGTH_BYTES = 2;
    private static final int MOST_TRIES = 30;
    private static final Duration LIMIT = Duration.ofSeconds(10);

    private final HttpClient http;
    private final String address;
    private final NoteKey key;

    ServedTiles(HttpClient http, String address, NoteKey key) {
        this.http = http;
        this.address = address;
        this.key = key;
    }

    /**
     * The newest checkpoint.
     *
     * @throws IllegalStateException if the log has not signed it
     */
    SignedNote checkpoint() throws IOException, InterruptedException {
        SignedNote note = SignedNote.parse(new String(get("checkpoint"), StandardCharsets.UTF_8));
        if (note.standing(key) != Standing.SIGNED) {
            throw new IllegalStateException("the log has not signed its checkpoint: " + note);
        }
        return note;
    }

    /** The log's nodes at a size; a tile that cannot be had is an {@link UncheckedIOException}. */
    LogNodes nodes(long size) {
        return new TiledLog(size, path -> {
            try {
                return get(path.toString());
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw new UncheckedIOException(new IOException("interrupted", e));
            }
        });
    }

    /** Its first leaves, one behind the other. */
    byte[] leaves(long size) throws IOException, InterruptedException {
        ByteArrayOutputStream leaves = new ByteArrayOutputStream();
        for (long i = 0; i * TilePath.FULL < size; i++) {
            byte[] bundle =
                    get(TilePath.of(TilePath.ENTRIES, i, size).orElseThrow().toString());
            for (int at = 0; at < bundle.length; at += LENGTH_BYTES + LeafEncoding.BYTES) {
                leaves.write(bundle, at + LENGTH_BYTES, LeafEncoding.BYTES);
            }
        }
        return leaves.toByteArray();
    }

    private byte[] get(String path) throws IOException, InterruptedException {
        HttpRequest request = HttpRequest.newBuilder(URI.create(address + "/" + path))
                .timeout(LIMIT)
                .build();
        HttpResponse<byte[]> answer = http.send(request, HttpResponse.BodyHandlers.ofByteArray());
        // All strangers together have one share of the reads.
        for (int i = 0; i < MOST_TRIES && answer.statusCode() == 503; i++) {
            TimeUnit.SECONDS.sleep(
                    answer.headers().firstValueAsLong("retry-after").orElse(1));
            answer = http.send(request, HttpResponse.BodyHandlers.ofByteArray());
        }
        if (answer.statusCode() != 200) {
            throw new IOException(path + " was answered with " + answer.statusCode());
        }
        return answer.body();
    }
}
