package openledger.cli.guard;

import io.vertx.core.MultiMap;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpClientRequest;
import io.vertx.core.http.HttpClientResponse;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.core.json.JsonObject;
import java.net.URI;
import java.net.URISyntaxException;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.regex.Pattern;
import openledger.commitment.leaf.RequestDigest;
import openledger.commitment.verify.AnswerPromiseCheck;
import openledger.commitment.verify.PromiseHeader;
import openledger.verifier.WatchedAnswer;
import org.jspecify.annotations.Nullable;

/**
 * One request on its way to the router, and its answer on the way back. Bodies flow, with back pressure, and are kept nowhere; whoever leaves
 * takes the other side along. Confined to the event loop. Long because each side can go at any time.
 */
final class ForwardedRequest {
    /** RFC 9110, section 7.6.1: of a connection, not of a message. */
    private static final Set<String> HOP_BY_HOP = Set.of(
            "connection",
            "keep-alive",
            "proxy-connection",
            "proxy-authenticate",
            "proxy-authorization",
            "te",
            "trailer",
            "transfer-encoding",
            "upgrade");

    /** Of the message, even if {@code Connection} names it: without its length a body is lost, and without its nonce a promise is. */
    private static final Set<String> OF_THE_MESSAGE = Set.of("content-length", WatchedAnswer.NONCE);

    /** A segment of one or two dots, escaped or not. */
    private static final Pattern DOTS = Pattern.compile("/(?:\\.|%2[eE]){1,2}(?:/|$)");

    private static final int OK = 200;
    private static final int NO_CONTENT = 204;
    private static final int NOT_MODIFIED = 304;

    private final GuardServer guard;
    private final HttpServerRequest request;
    private final HttpServerResponse response;
    private final long began = System.nanoTime();
    private final Optional<URI> receipts;
    private final String nonce;
    private final MessageDigest digest = sha256();
    private @Nullable HttpClientRequest upstream;
    private @Nullable HttpClientResponse head;
    private long added;
    private boolean isSent;
    private boolean isOver;
    private boolean isWatched;

    ForwardedRequest(GuardServer guard, HttpServerRequest request) {
        this.guard = guard;
        this.request = request;
        this.response = request.response();
        this.receipts = receipts(guard, request);
        String own = request.getHeader(WatchedAnswer.NONCE);
        this.nonce =
                own != null ? own : receipts.isPresent() ? UUID.randomUUID().toString() : "";
    }

    /** Where the receipt of an inference will be; empty for any other request. */
    private static Optional<URI> receipts(GuardServer guard, HttpServerRequest request) {
        String target = request.uri();
        return HttpMethod.POST.equals(request.method()) && isPath(target)
                ? WatchedAnswer.receipts(path(target)).map(guard::address)
                : Optional.empty();
    }

    private static String path(String target) {
        int query = target.indexOf('?');
        return query < 0 ? target : target.substring(0, query);
    }

    /** Whether it means a path of the router's for everybody who reads it (RFC 9112, section 3.2.1). */
    private static boolean isPath(String target) {
        String path = path(target);
        if (!path.startsWith("/")
                || path.startsWith("//")
                || target.contains("#")
                || DOTS.matcher(path).find()) {
            return false;
        }
        try {
            return path.equals(new URI(path).getRawPath());
        } catch (URISyntaxException noPath) {
            return false;
        }
    }

    /** RFC 9112, section 6.1: who does not undo a coding must not drop its name. */
    private static boolean hasOtherCoding(MultiMap headers) {
        String codings = String.join(",", headers.getAll(HttpHeaders.TRANSFER_ENCODING));
        return !codings.isEmpty() && !"chunked".equalsIgnoreCase(codings.strip());
    }

    void start() {
        request.pause();
        request.exceptionHandler(lost -> leave());
        response.exceptionHandler(lost -> leave());
        response.closeHandler(closed -> leave());
        if (!isPath(request.uri())) {
            problem(
                    400,
                    "Bad request",
                    "The guard passes requests to its router alone: send a path, without a host, that begins with one slash"
                            + " and has no dot segments.");
            return;
        }
        if (hasOtherCoding(request.headers())) {
            problem(
                    501,
                    "Not implemented",
                    "The guard takes a body with its Content-Length or in chunks: send no other Transfer-Encoding.");
            return;
        }
        if (guard.isDraining()) {
            problem(503, "Service unavailable", "The guard is being stopped.");
            return;
        }
        guard.client().request(guard.target(request)).onComplete(made -> {
            if (made.succeeded()) {
                send(made.result());
            } else {
                lost();
            }
        });
    }

    private void send(HttpClientRequest started) {
        if (isOver) {
            started.reset();
            return;
        }
        upstream = started;
        copy(request.headers(), started.headers(), Set.of("host", "expect"));
        if (receipts.isPresent()) {
            started.putHeader(WatchedAnswer.WISH, WatchedAnswer.SIGNED);
            if (!request.headers().contains(WatchedAnswer.NONCE)) {
                // Equal bodies get promises of their own, so nobody can answer with an old one.
                started.putHeader(WatchedAnswer.NONCE, nonce);
            }
        }
        if (request.headers().contains(HttpHeaders.TRANSFER_ENCODING)) {
            started.setChunked(true);
        }
        started.exceptionHandler(lost -> lost());
        started.response().onComplete(answer -> {
            if (answer.succeeded()) {
                answer(answer.result());
            } else {
                lost();
            }
        });
        request.handler(piece -> pass(piece, started));
        request.endHandler(end -> {
            isSent = true;
            if (!isOver) {
                started.end();
                watch();
            }
        });
        added = System.nanoTime() - began;
        request.resume();
    }

    private void pass(Buffer piece, HttpClientRequest to) {
        if (isOver) {
            return;
        }
        if (receipts.isPresent()) {
            digest.update(piece.getBytes());
        }
        to.write(piece);
        if (to.writeQueueFull()) {
            request.pause();
            to.drainHandler(room -> request.resume());
        }
    }

    private void answer(HttpClientResponse answer) {
        if (isOver || head != null) {
            return;
        }
        if (answer.statusCode() < OK) {
            // The HTTP client takes it for the end.
            lost();
            return;
        }
        long came = System.nanoTime();
        head = answer;
        response.setStatusCode(answer.statusCode()).setStatusMessage(answer.statusMessage());
        copy(answer.headers(), response.headers(), Set.of());
        boolean hasNoBody = HttpMethod.HEAD.equals(request.method())
                || answer.statusCode() == NO_CONTENT
                || answer.statusCode() == NOT_MODIFIED;
        if (!hasNoBody && !answer.headers().contains(HttpHeaders.CONTENT_LENGTH)) {
            response.setChunked(true);
        }
        if (guard.isDraining() || !isSent) {
            response.putHeader(HttpHeaders.CONNECTION, HttpHeaders.CLOSE);
            guard.last(request);
        }
        answer.pipe().endOnFailure(false).to(response).onComplete(flowed -> {
            if (flowed.succeeded()) {
                boolean isWhole = isSent;
                end();
                if (!isWhole) {
                    guard.discard(request);
                }
            } else {
                // Half of an answer must not look like a whole one.
                response.reset();
                leave();
            }
        });
        guard.added(added + System.nanoTime() - came);
        watch();
    }

    /** Hands the answer on to be checked, as soon as its head is there and the whole body was sent. */
    private void watch() {
        HttpClientResponse answer = head;
        if (isWatched || answer == null || !(isSent || isOver)) {
            return;
        }
        isWatched = true;
        Optional<String> name = Optional.ofNullable(answer.getHeader(WatchedAnswer.REQUEST));
        if (receipts.isEmpty()) {
            WatchedAnswer.unasked(guard.address("/v1/receipts/"), answer.statusCode(), name)
                    .ifPresent(guard::answered);
            return;
        }
        Optional<byte[]> sent =
                isSent ? Optional.of(RequestDigest.withNonce(digest.digest(), nonce)) : Optional.empty();
        Map<String, String> credentials =
                WatchedAnswer.credentials(header -> Optional.ofNullable(request.getHeader(header)));
        guard.answered(new WatchedAnswer(
                receipts.get(),
                sent,
                credentials,
                answer.statusCode(),
                new AnswerPromiseCheck.Headers(Optional.ofNullable(answer.getHeader(PromiseHeader.NAME)), name)));
    }

    private static void copy(MultiMap from, MultiMap to, Set<String> without) {
        Set<String> named = new HashSet<>();
        for (String value : from.getAll(HttpHeaders.CONNECTION)) {
            List.of(value.split(",", -1)).forEach(name -> named.add(name.strip().toLowerCase(Locale.ROOT)));
        }
        named.removeAll(OF_THE_MESSAGE);
        for (Map.Entry<String, String> header : from) {
            String name = header.getKey().toLowerCase(Locale.ROOT);
            if (!HOP_BY_HOP.contains(name) && !named.contains(name) && !without.contains(name)) {
                to.add(header.getKey(), header.getValue());
            }
        }
    }

    /** The router is not there, or has gone. */
    private void lost() {
        if (isOver) {
            return;
        }
        if (head != null) {
            if (!response.ended()) {
                response.reset();
            }
            leave();
            return;
        }
        problem(
                502,
                "Bad gateway",
                "The guard got no answer from the router at " + guard.shown()
                        + ": look whether it runs, and at --router.");
    }

    private void problem(int status, String title, String detail) {
        guard.last(request);
        response.setStatusCode(status)
                .putHeader("content-type", "application/problem+json")
                .putHeader("connection", "close")
                .end(new JsonObject()
                        .put("type", "about:blank")
                        .put("title", title)
                        .put("status", status)
                        .put("detail", detail)
                        .encode())
                .onComplete(sent -> {
                    if (isSent) {
                        request.connection().close();
                    } else {
                        guard.discard(request);
                    }
                });
        leave();
    }

    /** One side has gone: the other has nobody to speak to. */
    private void leave() {
        if (!isOver) {
            reset();
        }
        end();
    }

    private void end() {
        if (!isOver) {
            isOver = true;
            if (!isSent) {
                // Answered before the whole body was sent: the router does not want the rest.
                reset();
            }
            watch();
            guard.ended(this);
        }
    }

    private void reset() {
        HttpClientRequest there = upstream;
        if (there != null) {
            there.reset();
        }
    }

    private static MessageDigest sha256() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException impossible) {
            throw new IllegalStateException("every Java platform has SHA-256", impossible);
        }
    }
}
