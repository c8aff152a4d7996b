package openledger.simulator;

import com.fasterxml.jackson.databind.JsonNode;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;
import java.time.Duration;
import java.util.Optional;
import java.util.function.Consumer;

/** One call on its connection, well served or not. Confined to the provider's event loop. */
final class SimulatedCall {
    private static final double NANOS_A_MILLI = 1e6;

    private final Vertx vertx;
    private final HttpServerRequest request;
    private final HttpServerResponse response;
    private final SimulatedDialect dialect;
    private final Optional<Buffer> refusal;
    private final SimulatedAnswer answer;
    private final ProviderSpec spec;
    private final double millis;
    private final Consumer<End> ended;
    private long firstNanos;
    private boolean over;

    /** How a call ended. */
    enum End {
        ANSWERED,
        ABANDONED
    }

    SimulatedCall(
            Vertx vertx,
            HttpServerRequest request,
            Buffer body,
            SimulatedDialect dialect,
            ProviderSpec spec,
            double millis,
            Consumer<End> ended) {
        this.vertx = vertx;
        this.request = request;
        this.response = request.response();
        this.dialect = dialect;
        JsonNode read = SimulatedWords.read(body);
        this.refusal = dialect.refusal(request, read);
        this.answer = dialect.to(request, read);
        this.spec = spec;
        this.millis = millis;
        this.ended = ended;
        response.closeHandler(gone -> finish(End.ABANDONED));
    }

    /**
     * Serves, or does what the fault says.
     *
     * @param id this provider's name for the call
     */
    void serve(Fault fault, String id) {
        response.putHeader(dialect.requestIdHeader(), id);
        switch (fault) {
            case Fault.None none when refusal.isPresent() -> error(400, refusal.get());
            case Fault.None none -> later(millis, () -> answer(Integer.MAX_VALUE, this::done));
            case Fault.SlowFirstToken(Duration extra) ->
                later(millis + extra.toMillis(), () -> answer(Integer.MAX_VALUE, this::done));
            case Fault.Huge(int bytes) ->
                later(millis, () -> {
                    response.putHeader("content-type", "application/json");
                    end(answer.huge(bytes));
                });
            case Fault.Status(int code, var retryAfter) -> {
                retryAfter.ifPresent(wait -> response.putHeader("retry-after", Long.toString(wait.toSeconds())));
                error(code, dialect.error(code, "simulated status " + code));
            }
            case Fault.LeakKey(int code) ->
                error(code, dialect.error(code, "Incorrect API key: " + dialect.credential(request)));
            case Fault.Reply(int code, String json) -> {
                response.setStatusCode(code).putHeader("content-type", "application/json");
                end(Buffer.buffer(json));
            }
            case Fault.Drop drop -> close();
            case Fault.Hang hang -> {}
            case Fault.HangAfter(int tokens) -> part(tokens, () -> {});
            case Fault.CutAfter(int tokens) -> part(tokens, this::close);
            case Fault.EndAfter(int tokens) -> endEarly(tokens);
            case Fault.ErrorAfter(int tokens) -> errorInBand(tokens);
            case Fault.Garbage garbage -> {
                response.putHeader("content-type", "text/html");
                end(Buffer.buffer("<html><body>It works!</body></html>"));
            }
        }
    }

    /** A part of an answer: some tokens of a stream, or half a document whose length the head has announced. */
    private void part(int most, Runnable then) {
        if (answer.isStream()) {
            answer(most, then);
        } else {
            Buffer document = answer.document();
            response.putHeader("content-type", "application/json");
            response.putHeader("content-length", Integer.toString(document.length()));
            response.write(document.slice(0, document.length() / 2)).onComplete(sent -> then.run());
        }
    }

    /** Ends as if all had been said. A document says no length, else whoever reads it would rightly wait for the rest. */
    private void endEarly(int most) {
        if (answer.isStream()) {
            answer(most, () -> end(Buffer.buffer()));
        } else {
            Buffer document = answer.document();
            response.setChunked(true).putHeader("content-type", "application/json");
            end(document.slice(0, document.length() / 2));
        }
    }

    private void errorInBand(int most) {
        if (answer.isStream()) {
            answer(most, () -> end(answer.errorEvents()));
        } else {
            response.putHeader("content-type", "application/json");
            end(answer.errorDocument());
        }
    }

    /** Sends the head and up to {@code most} tokens at an even pace over the service time, then goes on. */
    private void answer(int most, Runnable then) {
        if (!answer.isStream()) {
            then.run();
            return;
        }
        response.setChunked(true).putHeader("content-type", "text/event-stream");
        response.write(answer.firstEvents());
        firstNanos = System.nanoTime();
        tokens(0, Math.min(most, spec.tokens()), then);
    }

    private void tokens(int from, int to, Runnable then) {
        if (over) {
            return;
        }
        if (from == to) {
            then.run();
            return;
        }
        response.write(answer.token(from));
        if (response.writeQueueFull()) {
            response.drainHandler(drained -> tokens(from + 1, to, then));
        } else {
            later(pauseMillis(from + 1), () -> tokens(from + 1, to, then));
        }
    }

    private double pauseMillis(int next) {
        return spec.pace()
                .map(pace -> Math.max(1, pace.dueMillis(next) - (System.nanoTime() - firstNanos) / NANOS_A_MILLI))
                .orElse(millis / (2 * spec.tokens()));
    }

    private void done() {
        if (answer.isStream()) {
            end(answer.lastEvents());
        } else {
            response.putHeader("content-type", "application/json");
            end(answer.document());
        }
    }

    private void error(int code, Buffer body) {
        response.setStatusCode(code).putHeader("content-type", "application/json");
        end(body);
    }

    private void later(double wait, Runnable task) {
        if (wait < 1) {
            task.run();
        } else {
            vertx.setTimer(Math.round(wait), due -> {
                if (!over) {
                    task.run();
                }
            });
        }
    }

    private void end(Buffer last) {
        if (!over) {
            finish(End.ANSWERED);
            response.end(last);
        }
    }

    private void close() {
        finish(End.ANSWERED);
        request.connection().close();
    }

    private void finish(End how) {
        if (!over) {
            over = true;
            ended.accept(how);
        }
    }
}
