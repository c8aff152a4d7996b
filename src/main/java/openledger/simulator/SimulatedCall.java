package openledger.simulator;

import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;
import java.time.Duration;
import java.util.function.Consumer;
import openledger.simulator.ChatAnswers.Wish;

/** One call on its connection, well served or not. Confined to the provider's event loop. */
final class SimulatedCall {
    private final Vertx vertx;
    private final HttpServerRequest request;
    private final HttpServerResponse response;
    private final ChatAnswers answers;
    private final Wish wish;
    private final double millis;
    private final Consumer<End> ended;
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
            ChatAnswers answers,
            double millis,
            Consumer<End> ended) {
        this.vertx = vertx;
        this.request = request;
        this.response = request.response();
        this.answers = answers;
        this.wish = Wish.of(body);
        this.millis = millis;
        this.ended = ended;
        response.closeHandler(gone -> finish(End.ABANDONED));
    }

    void serve(Fault fault) {
        response.putHeader("x-request-id", answers.nextId());
        switch (fault) {
            case Fault.None none -> later(millis, () -> answer(wish, Integer.MAX_VALUE, () -> done(wish)));
            case Fault.SlowFirstToken(Duration extra) ->
                later(millis + extra.toMillis(), () -> answer(wish, Integer.MAX_VALUE, () -> done(wish)));
            case Fault.Huge(int bytes) ->
                later(millis, () -> {
                    response.putHeader("content-type", "application/json");
                    end(answers.huge(bytes));
                });
            case Fault.Status(int code, var retryAfter) -> {
                retryAfter.ifPresent(wait -> response.putHeader("retry-after", Long.toString(wait.toSeconds())));
                error(code, "simulated status " + code);
            }
            case Fault.LeakKey(int code) -> error(code, "Incorrect API key: " + request.getHeader("authorization"));
            case Fault.Drop drop -> close();
            case Fault.Hang hang -> {}
            case Fault.HangAfter(int tokens) -> part(tokens, () -> {});
            case Fault.CutAfter(int tokens) -> part(tokens, this::close);
            case Fault.EndAfter(int tokens) -> part(tokens, () -> end(Buffer.buffer()));
            case Fault.ErrorAfter(int tokens) -> errorInBand(tokens);
            case Fault.Garbage garbage -> {
                response.putHeader("content-type", "text/html");
                end(Buffer.buffer("<html><body>It works!</body></html>"));
            }
        }
    }

    /** A part of an answer: some tokens of a stream, or half a document whose length the head has announced. */
    private void part(int tokens, Runnable then) {
        if (wish.stream()) {
            answer(wish, tokens, then);
        } else {
            Buffer document = answers.document(wish);
            response.putHeader("content-type", "application/json");
            response.putHeader("content-length", Integer.toString(document.length()));
            response.write(document.slice(0, document.length() / 2)).onComplete(sent -> then.run());
        }
    }

    private void errorInBand(int tokens) {
        if (wish.stream()) {
            answer(wish, tokens, () -> end(Buffer.buffer("data: " + ChatAnswers.ERROR + "\n\n")));
        } else {
            response.putHeader("content-type", "application/json");
            end(Buffer.buffer(ChatAnswers.ERROR));
        }
    }

    /** Sends the head and up to {@code most} tokens at an even pace over the service time, then goes on. */
    private void answer(Wish as, int most, Runnable then) {
        if (!as.stream()) {
            then.run();
            return;
        }
        response.setChunked(true).putHeader("content-type", "text/event-stream");
        response.write(answers.role());
        int tokens = Math.min(most, answers.tokens());
        tokens(as, 0, tokens, then);
    }

    private void tokens(Wish as, int from, int to, Runnable then) {
        if (over) {
            return;
        }
        if (from == to) {
            then.run();
            return;
        }
        response.write(answers.token(as, from));
        if (response.writeQueueFull()) {
            response.drainHandler(drained -> tokens(as, from + 1, to, then));
        } else {
            later(millis / (2 * answers.tokens()), () -> tokens(as, from + 1, to, then));
        }
    }

    private void done(Wish as) {
        if (as.stream()) {
            end(answers.lastEvents(as));
        } else {
            response.putHeader("content-type", "application/json");
            end(answers.document(as));
        }
    }

    private void error(int code, String message) {
        response.setStatusCode(code).putHeader("content-type", "application/json");
        end(ChatAnswers.error(code, message));
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
