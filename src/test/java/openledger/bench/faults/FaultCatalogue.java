package openledger.bench.faults;

import static openledger.bench.faults.ProviderWords.DONE;
import static openledger.bench.faults.ProviderWords.FIRST;
import static openledger.bench.faults.ProviderWords.choice;
import static openledger.bench.faults.ProviderWords.chunk;
import static openledger.bench.faults.ProviderWords.deltas;
import static openledger.bench.faults.ProviderWords.document;
import static openledger.bench.faults.ProviderWords.event;
import static openledger.bench.faults.ProviderWords.finish;
import static openledger.bench.faults.ProviderWords.role;
import static openledger.bench.faults.ProviderWords.stream;
import static openledger.bench.faults.ProviderWords.streamWithUsage;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.zip.GZIPOutputStream;
import openledger.bench.faults.FaultyReply.Connection;
import openledger.bench.faults.UpstreamFault.Kind;
import openledger.bench.faults.UpstreamFault.Right;
import openledger.bench.faults.UpstreamFault.Script;
import openledger.bench.faults.UpstreamFault.Shape;

/**
 * The 40 faulty providers of {@code make peers-faults}, all of them seen at real providers or reported by users of gateways.
 * Long because a catalogue is best read in one place.
 */
final class FaultCatalogue {
    /** Silence of a slow answer: twice what a stream of the router may be silent in this comparison. */
    static final Duration SLOW = Duration.ofSeconds(8);

    /** Longer than a client of this comparison waits. */
    private static final Duration SILENT = Duration.ofSeconds(25);

    private static final String JSON = "application/json";
    private static final String EVENTS = "text/event-stream";
    private static final int BEATS = 6;
    private static final Duration BEAT = Duration.ofSeconds(1);
    private static final Duration PIECE = Duration.ofMillis(3);
    private static final int LARGE_HEADER = 9_000;
    private static final int HEADERS = 40;
    private static final int HEADER = 1_000;
    private static final String TOO_LONG = "The maximum context length is 4096 tokens";

    private FaultCatalogue() {}

    static List<UpstreamFault> all() {
        List<UpstreamFault> all = new ArrayList<>();
        all.addAll(goodDocuments());
        all.addAll(goodStreams());
        all.addAll(complaints());
        all.addAll(beforeContent());
        all.addAll(afterContent());
        return List.copyOf(all);
    }

    private static List<UpstreamFault> goodDocuments() {
        return List.of(
                good("document after 8 s of silence", Kind.SLOW, Shape.DOCUMENT, reply -> {
                    reply.pause(SLOW);
                    reply.document("200 OK", JSON, document(FIRST));
                }),
                good("document behind 6 s of blanks", Kind.SLOW, Shape.DOCUMENT, reply -> {
                    reply.head("200 OK", JSON, "transfer-encoding: chunked");
                    for (int beat = 0; beat < BEATS; beat++) {
                        reply.chunk("\n");
                        reply.pause(BEAT);
                    }
                    reply.chunk(document(FIRST));
                    reply.endChunks();
                }),
                good(
                        "document behind a header of 9 KB",
                        Kind.LARGE_HEAD,
                        Shape.DOCUMENT,
                        reply -> reply.document(
                                "200 OK", JSON, document(FIRST), "x-policy: " + "p".repeat(LARGE_HEADER))),
                new UpstreamFault(
                        "document, reused connection is dead",
                        Kind.DEAD_CONNECTION,
                        Shape.DOCUMENT,
                        Right.ANY_ANSWER,
                        FIRST,
                        deadIfReused(reply -> reply.document("200 OK", JSON, document(FIRST)))),
                good(
                        "document with \"error\": null",
                        Kind.ERROR_IN_200,
                        Shape.DOCUMENT,
                        reply -> reply.document("200 OK", JSON, document(FIRST, "\"error\":null,"))),
                good(
                        "document labelled text/plain",
                        Kind.LABEL,
                        Shape.DOCUMENT,
                        reply -> reply.document("200 OK", "text/plain", document(FIRST))),
                good(
                        "document in gzip",
                        Kind.LABEL,
                        Shape.DOCUMENT,
                        reply -> reply.document("200 OK", JSON, gzip(document(FIRST)), "content-encoding: gzip")));
    }

    private static List<UpstreamFault> goodStreams() {
        return List.of(
                good(
                        "ordinary stream, read by a plain loop",
                        Kind.LAST_CHUNK,
                        Shape.STREAM,
                        reply -> reply.stream(stream(FIRST))),
                good(
                        "ordinary stream, usage asked for",
                        Kind.LAST_CHUNK,
                        Shape.STREAM_WITH_USAGE,
                        reply -> reply.stream(streamWithUsage(FIRST))),
                good("stream behind 6 s of comments", Kind.SLOW, Shape.STREAM, reply -> {
                    reply.streamHead();
                    for (int beat = 0; beat < BEATS; beat++) {
                        reply.chunk(": PROCESSING\n\n");
                        reply.pause(BEAT);
                    }
                    reply.chunk(stream(FIRST));
                    reply.endChunks();
                }),
                good("stream behind a head of 40 KB", Kind.LARGE_HEAD, Shape.STREAM, reply -> {
                    String[] headers = new String[HEADERS + 1];
                    for (int i = 0; i < HEADERS; i++) {
                        headers[i] = "x-policy-" + i + ": " + "p".repeat(HEADER);
                    }
                    headers[HEADERS] = "transfer-encoding: chunked";
                    reply.head("200 OK", EVENTS, headers);
                    reply.chunk(stream(FIRST));
                    reply.endChunks();
                }),
                new UpstreamFault(
                        "stream, reused connection is dead",
                        Kind.DEAD_CONNECTION,
                        Shape.STREAM,
                        Right.ANY_ANSWER,
                        FIRST,
                        deadIfReused(reply -> reply.stream(stream(FIRST)))),
                good(
                        "stream, each chunk with \"error\": null",
                        Kind.ERROR_IN_200,
                        Shape.STREAM,
                        reply -> reply.stream(stream(FIRST).replace("data: {", "data: {\"error\":null,"))),
                good(
                        "stream without [DONE]",
                        Kind.EVENTS,
                        Shape.STREAM,
                        reply -> reply.stream(role() + deltas(FIRST) + finish("stop"))),
                good(
                        "stream, lines end with CR",
                        Kind.EVENTS,
                        Shape.STREAM,
                        reply -> reply.stream(stream(FIRST).replace('\n', '\r'))),
                good(
                        "stream, several data lines an event",
                        Kind.EVENTS,
                        Shape.STREAM,
                        reply -> reply.stream(stream(FIRST).replace(",\"choices\"", ",\ndata: \"choices\""))),
                good(
                        "stream without its last blank line",
                        Kind.EVENTS,
                        Shape.STREAM,
                        reply -> reply.stream(stream(FIRST).stripTrailing() + "\n")),
                good("stream in pieces of 7 bytes behind a byte order mark", Kind.EVENTS, Shape.STREAM, reply -> {
                    reply.streamHead();
                    byte[] bytes = ("\uFEFF" + stream(FIRST)).getBytes(StandardCharsets.UTF_8);
                    for (int at = 0; at < bytes.length; at += 7) {
                        reply.chunk(Arrays.copyOfRange(bytes, at, Math.min(bytes.length, at + 7)));
                        reply.pause(PIECE);
                    }
                    reply.endChunks();
                }),
                good(
                        "stream, empty tool_calls beside the role",
                        Kind.EMPTY,
                        Shape.STREAM,
                        reply -> reply.stream(emptyRole() + deltas(FIRST) + finish("stop") + DONE)),
                good("stream labelled application/json", Kind.LABEL, Shape.STREAM, reply -> {
                    reply.head("200 OK", JSON, "transfer-encoding: chunked");
                    reply.chunk(stream(FIRST));
                    reply.endChunks();
                }),
                good("stream in gzip", Kind.LABEL, Shape.STREAM, reply -> {
                    reply.head("200 OK", EVENTS, "transfer-encoding: chunked", "content-encoding: gzip");
                    reply.chunk(gzip(stream(FIRST)));
                    reply.endChunks();
                }));
    }

    private static List<UpstreamFault> complaints() {
        return List.of(
                complaint(
                        "400, a flat error",
                        "400 Bad Request",
                        "{\"object\":\"error\",\"message\":\"" + TOO_LONG
                                + "\",\"type\":\"BadRequestError\",\"param\":null,\"code\":400}"),
                complaint(
                        "200 with an error that says 400",
                        "200 OK",
                        "{\"error\":{\"message\":\"" + TOO_LONG
                                + "\",\"type\":\"invalid_request_error\",\"code\":400}}"));
    }

    private static List<UpstreamFault> beforeContent() {
        return List.of(
                refused(
                        "400, credit balance is too low",
                        Kind.ACCOUNT,
                        "400 Bad Request",
                        "{\"type\":\"error\",\"error\":{\"type\":\"invalid_request_error\",\"message\":\"Your credit balance is too low to"
                                + " access the API. Please go to Plans & Billing to upgrade or purchase credits.\"}}"),
                refused(
                        "401, our key is not valid",
                        Kind.ACCOUNT,
                        "401 Unauthorized",
                        "{\"error\":{\"message\":\"Incorrect API key provided: sk-...\",\"type\":\"invalid_request_error\",\"code\":"
                                + "\"invalid_api_key\"}}"),
                refused(
                        "429, insufficient quota",
                        Kind.ACCOUNT,
                        "429 Too Many Requests",
                        "{\"error\":{\"message\":\"You exceeded your current quota, please check your plan and billing details.\","
                                + "\"type\":\"insufficient_quota\",\"code\":\"insufficient_quota\"}}"),
                refused(
                        "413, rate_limit_exceeded",
                        Kind.ACCOUNT,
                        "413 Payload Too Large",
                        "{\"error\":{\"message\":\"Request too large for model on tokens per minute (TPM): Limit 6000, Requested 9000\","
                                + "\"type\":\"tokens\",\"code\":\"rate_limit_exceeded\"}}"),
                refused(
                        "529, overloaded",
                        Kind.ACCOUNT,
                        "529 Overloaded",
                        "{\"type\":\"error\",\"error\":{\"type\":\"overloaded_error\",\"message\":\"Overloaded\"}}"),
                refused("200 with nothing but an error", Kind.ERROR_IN_200, "200 OK", error("The engine has stopped")),
                refused(
                        "200 without a choice",
                        Kind.ERROR_IN_200,
                        "200 OK",
                        "{\"id\":\"c\",\"object\":\"chat.completion\",\"created\":1,\"model\":\"told\",\"choices\":[]}"),
                second("stream that stays silent", Kind.SLOW, Shape.STREAM, reply -> {
                    reply.pause(SILENT);
                    reply.close();
                }),
                second("document cut short", Kind.CUT, Shape.DOCUMENT, reply -> {
                    String body = document(FIRST);
                    reply.head("200 OK", JSON, "content-length: " + 2 * body.length());
                    reply.write(body.substring(0, body.length() / 2));
                    reply.close();
                }),
                second("document cut short, without a length", Kind.CUT, Shape.DOCUMENT, reply -> {
                    String body = document(FIRST);
                    reply.head("200 OK", JSON, "connection: close");
                    reply.write(body.substring(0, body.length() / 2));
                    reply.close();
                }),
                second(
                        "stream, its first event an error",
                        Kind.ERROR_IN_200,
                        Shape.STREAM,
                        reply -> reply.stream(event(error("The engine has stopped")) + DONE)),
                second("stream, [DONE] alone", Kind.ERROR_IN_200, Shape.STREAM, reply -> reply.stream(DONE)),
                second(
                        "stream, empty tool_calls, then an error",
                        Kind.EMPTY,
                        Shape.STREAM,
                        reply -> reply.stream(emptyRole() + event(error("The engine has stopped")))));
    }

    private static List<UpstreamFault> afterContent() {
        return List.of(
                broken("stream cut within a line", Kind.EVENTS, reply -> {
                    String whole = role() + deltas(FIRST);
                    reply.head("200 OK", EVENTS, "connection: close");
                    reply.write(whole.substring(0, whole.length() - 20));
                    reply.close();
                }),
                broken(
                        "stream that ends well, but in mid-answer",
                        Kind.EVENTS,
                        reply -> reply.stream(role() + deltas(FIRST))),
                broken(
                        "stream, an error beside choices",
                        Kind.ERROR_IN_200,
                        reply -> reply.stream(role()
                                + deltas(FIRST)
                                + event(chunk(
                                        choice("{\"content\":\"\"}", "\"error\""),
                                        ",\"error\":{\"code\":502,\"message\":\"Provider disconnected\"}"))
                                + DONE)),
                broken(
                        "stream, finish_reason \"error\"",
                        Kind.ERROR_IN_200,
                        reply -> reply.stream(role() + deltas(FIRST) + finish("error") + DONE)));
    }

    private static UpstreamFault good(String name, Kind kind, Shape shape, Script script) {
        return new UpstreamFault(name, kind, shape, Right.ARRIVES, FIRST, script);
    }

    private static UpstreamFault complaint(String name, String status, String body) {
        return new UpstreamFault(
                name,
                Kind.COMPLAINT,
                Shape.DOCUMENT,
                Right.COMPLAINT_ARRIVES,
                TOO_LONG,
                reply -> reply.document(status, JSON, body));
    }

    private static UpstreamFault refused(String name, Kind kind, String status, String body) {
        return second(name, kind, Shape.DOCUMENT, reply -> reply.document(status, JSON, body));
    }

    private static UpstreamFault second(String name, Kind kind, Shape shape, Script script) {
        return new UpstreamFault(name, kind, shape, Right.SECOND_ANSWERS, "", script);
    }

    private static UpstreamFault broken(String name, Kind kind, Script script) {
        return new UpstreamFault(name, kind, Shape.STREAM, Right.SEEN_AS_BROKEN, "", script);
    }

    /** A server that has forgotten a kept connection: what is sent on it is answered with a reset, and not seen. */
    private static Script deadIfReused(Script well) {
        return reply -> {
            if (reply.connection() == Connection.REUSED) {
                reply.counts().unsee();
                reply.reset();
            } else {
                reply.counts().spare();
                well.play(reply);
            }
        };
    }

    private static String emptyRole() {
        return event(chunk(choice("{\"role\":\"assistant\",\"content\":\"\",\"tool_calls\":[]}", "null"), ""));
    }

    private static String error(String message) {
        return "{\"error\":{\"message\":\"" + message + "\",\"type\":\"server_error\",\"code\":500}}";
    }

    private static byte[] gzip(String text) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (GZIPOutputStream gzip = new GZIPOutputStream(bytes)) {
            gzip.write(text.getBytes(StandardCharsets.UTF_8));
        } catch (IOException impossible) {
            throw new UncheckedIOException(impossible);
        }
        return bytes.toByteArray();
    }
}
