package openledger.peer;

import io.vertx.core.Context;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpClient;
import io.vertx.core.http.HttpClientRequest;
import io.vertx.core.http.HttpClientResponse;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.RequestOptions;
import java.security.SecureRandom;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Set;
import openledger.cluster.ClusterMember;
import openledger.cluster.HopFields;
import openledger.cluster.HopOutcome;
import openledger.cluster.HopSeal;
import openledger.cluster.Peers;
import org.jspecify.annotations.Nullable;

/**
 * One request on its way to another router, and its answer on the way back. It ends once: whole, failed, or closed by who has sent it.
 * Confined to the event loop it was sent on, but for {@link #ownerIsGone}.
 */
final class OpenHop implements Peers.Hop {
    private static final int NONCE_BYTES = 16;
    private static final int UNAUTHENTICATED = 401;
    private static final int MISDIRECTED = 421;
    private static final int TOO_EARLY = 425;
    private static final HexFormat HEX = HexFormat.of();

    private final Vertx vertx;
    private final Context loop;
    private final HopSeal seal;
    private final Peers.Forwarded forwarded;
    private final Peers.Listener listener;
    private final Set<OpenHop> open;
    private final UnprovedPeers unproved;
    private @Nullable HttpClientRequest request;
    private @Nullable HttpClientResponse response;
    private long timer = -1;
    private boolean over;

    OpenHop(
            Vertx vertx,
            HopSeal seal,
            Peers.Forwarded forwarded,
            Peers.Listener listener,
            Set<OpenHop> open,
            UnprovedPeers unproved) {
        this.vertx = vertx;
        this.loop = vertx.getOrCreateContext();
        this.seal = seal;
        this.forwarded = forwarded;
        this.listener = listener;
        this.open = open;
        this.unproved = unproved;
    }

    ClusterMember owner() {
        return forwarded.owner();
    }

    void start(HttpClient client, SecureRandom random) {
        open.add(this);
        timer = vertx.setTimer(Math.max(1, forwarded.longest().toMillis()), late -> fail(HopOutcome.LOST));
        String address = owner().address();
        int colon = address.lastIndexOf(':');
        RequestOptions to = new RequestOptions()
                .setMethod(HttpMethod.POST)
                .setHost(address.substring(0, colon).replace("[", "").replace("]", ""))
                .setPort(Integer.parseInt(address.substring(colon + 1)))
                .setURI(forwarded.path())
                .setFollowRedirects(false);
        client.request(to).onComplete(connected -> {
            if (connected.failed()) {
                fail(HopOutcome.UNREACHABLE);
            } else if (over) {
                connected.result().exceptionHandler(left -> {}).reset();
            } else {
                send(connected.result(), random);
            }
        });
    }

    private void send(HttpClientRequest to, SecureRandom random) {
        request = to;
        byte[] nonce = new byte[NONCE_BYTES];
        random.nextBytes(nonce);
        HopFields fields = seal.sealed(
                new HopFields(
                        forwarded.mapVersion(),
                        owner().lane(),
                        owner().fence(),
                        System.currentTimeMillis(),
                        HEX.formatHex(nonce),
                        HopSeal.digest(forwarded.body()),
                        ""),
                HttpMethod.POST.name(),
                forwarded.path(),
                forwarded.headers());
        for (Map.Entry<String, String> header : forwarded.headers()) {
            if (HopSeal.isForwarded(header.getKey())) {
                to.headers().add(header.getKey(), header.getValue());
            }
        }
        to.putHeader(HopFields.NAME, fields.text());
        to.exceptionHandler(lost -> fail(HopOutcome.LOST));
        to.earlyHintsHandler(hints -> {
            if (!over) {
                listener.hint(hints.entries());
            }
        });
        to.response().onComplete(head -> {
            if (head.failed()) {
                fail(HopOutcome.LOST);
            } else if (!over) {
                answered(head.result(), fields);
            }
        });
        // What becomes of it the exception handler tells.
        var _ = to.end(Buffer.buffer(forwarded.body()));
    }

    private void answered(HttpClientResponse head, HopFields fields) {
        response = head;
        head.exceptionHandler(lost -> fail(HopOutcome.LOST));
        List<Map.Entry<String, String>> headers = head.headers().entries();
        String proof = head.getHeader(HopFields.ANSWER_PROOF);
        if (proof == null || !seal.isAnswered(proof, fields, head.statusCode(), headers)) {
            unproved.seen(owner(), head.statusCode());
            fail(head.statusCode() == UNAUTHENTICATED ? HopOutcome.STRANGER : HopOutcome.UNPROVED);
        } else if (head.statusCode() == MISDIRECTED) {
            fail(HopOutcome.NOT_OWNER);
        } else if (head.statusCode() == TOO_EARLY) {
            unproved.refused(owner());
            fail(HopOutcome.REFUSED);
        } else if (!isFramed(head)) {
            // Its end could not be told from a broken connection.
            fail(HopOutcome.LOST);
        } else {
            listener.head(
                    head.statusCode(),
                    headers.stream()
                            .filter(header -> HopSeal.isForwarded(header.getKey()) || isLength(header.getKey()))
                            .toList());
            head.handler(bytes -> {
                if (!over) {
                    listener.chunk(bytes);
                }
            });
            head.endHandler(whole -> {
                if (!over) {
                    finish();
                    listener.end(head.trailers().entries());
                }
            });
        }
    }

    private static boolean isLength(String header) {
        return HttpHeaders.CONTENT_LENGTH.toString().equalsIgnoreCase(header);
    }

    private static boolean isFramed(HttpClientResponse head) {
        return head.headers().contains(HttpHeaders.CONTENT_LENGTH)
                || head.headers().contains(HttpHeaders.TRANSFER_ENCODING, HttpHeaders.CHUNKED, true);
    }

    /** Its lane is another's now: whatever it may still say, nobody could rely on. Called on any thread. */
    void ownerIsGone() {
        loop.runOnContext(go -> fail(HopOutcome.LOST));
    }

    private void fail(HopOutcome why) {
        if (over) {
            return;
        }
        finish();
        drop();
        listener.failed(why);
    }

    private void finish() {
        over = true;
        vertx.cancelTimer(timer);
        open.remove(this);
    }

    private void drop() {
        HttpClientRequest sent = request;
        if (sent != null) {
            sent.reset();
        }
    }

    @Override
    public void pause() {
        if (response != null && !over) {
            response.pause();
        }
    }

    @Override
    public void resume() {
        if (response != null && !over) {
            response.resume();
        }
    }

    @Override
    public void close() {
        if (!over) {
            finish();
            drop();
        }
    }
}
