package openledger.wiring.warmup;

import io.quarkus.runtime.ImageMode;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.stream.Stream;
import openledger.http.inference.InferenceRoutes;
import openledger.inference.Timekeeper;
import openledger.wiring.config.CheckedConfiguration;
import openledger.wiring.warmup.WarmUpClient.Sent;
import openledger.wiring.warmup.WarmUpRouter.Rehearsed;
import org.jboss.logging.Logger;

/**
 * Sends requests through a {@link WarmUpRouter}, plain and streamed, of both APIs, so that what they need is loaded and compiled before a
 * client's come. What goes wrong with it is said in the log, and keeps nobody from being ready. Thread-safe.
 */
@Singleton
public final class WarmUp {
    private static final Logger LOG = Logger.getLogger(WarmUp.class);
    private static final int KEY_BYTES = 32;
    private static final long NANOS_A_MILLI = 1_000_000;

    private final Vertx vertx;
    private final Timekeeper time;
    private final WarmUpSettings settings;
    private volatile boolean isOver;

    @Inject
    WarmUp(Vertx vertx, Timekeeper time, CheckedConfiguration checked) {
        this(vertx, time, checked.warmUp());
    }

    WarmUp(Vertx vertx, Timekeeper time, WarmUpSettings settings) {
        this.vertx = vertx;
        this.time = time;
        this.settings = settings;
    }

    /** How it ended. */
    public enum End {
        /** All requests were answered. */
        WARM,
        /** It failed, or took too long. */
        COLD,
        /** It was not wanted, or is not needed. */
        NONE
    }

    /** Whether it has ended, as it should or not. */
    public boolean isOver() {
        return isOver;
    }

    /** Begins, on an event loop, unless our code was compiled when it was built; once. Completes there when it is over, and never fails. */
    public Future<End> start() {
        if (settings.requests() == 0 || ImageMode.current() == ImageMode.NATIVE_RUN) {
            isOver = true;
            return Future.succeededFuture(End.NONE);
        }
        Promise<End> ended = Promise.promise();
        // All of it on one event loop, so that nothing is opened behind its end.
        vertx.getOrCreateContext().runOnContext(go -> begin().onComplete(ended));
        return ended.future();
    }

    private Future<End> begin() {
        long since = System.nanoTime();
        List<Runnable> opened = new ArrayList<>();
        Promise<Void> all = Promise.promise();
        long timer = vertx.setTimer(
                settings.longest().toMillis(),
                late -> all.tryFail("longer than " + settings.longest().toMillis() + " ms"));
        Future.succeededFuture()
                .compose(first -> rehearse(opened))
                .onSuccess(all::tryComplete)
                .onFailure(all::tryFail);
        return all.future().transform(done -> {
            isOver = true;
            vertx.cancelTimer(timer);
            opened.forEach(Runnable::run);
            long millis = (System.nanoTime() - since) / NANOS_A_MILLI;
            if (done.failed()) {
                LOG.warnf(
                        "not warmed up, millis=%d reason=%s",
                        millis, done.cause().getMessage());
                return Future.succeededFuture(End.COLD);
            }
            LOG.infof("warmed up, requests=%d millis=%d", settings.requests(), millis);
            return Future.succeededFuture(End.WARM);
        });
    }

    private Future<Void> rehearse(List<Runnable> opened) {
        byte[] secret = new byte[KEY_BYTES];
        new SecureRandom().nextBytes(secret);
        String key = HexFormat.of().formatHex(secret);
        WarmUpProvider provider = new WarmUpProvider(vertx);
        opened.add(provider::close);
        return provider.open()
                .compose(this::unlessOver)
                .compose(port -> {
                    WarmUpRouter router = new WarmUpRouter(vertx, time, port, key);
                    opened.add(router::close);
                    return router.open();
                })
                .compose(this::unlessOver)
                .compose(port -> {
                    WarmUpClient client = new WarmUpClient(vertx, port, key);
                    opened.add(client::close);
                    List<Sent> kinds = Arrays.stream(Rehearsed.values())
                            .flatMap(each -> Stream.of(sent(each, false), sent(each, true)))
                            .toList();
                    return client.send(kinds, settings.requests());
                });
    }

    private Future<Integer> unlessOver(int port) {
        return isOver ? Future.failedFuture("it is over") : Future.succeededFuture(port);
    }

    private static Sent sent(Rehearsed asked, boolean isStream) {
        return new Sent(
                InferenceRoutes.path(asked.operation),
                Buffer.buffer("{\"model\":\"" + asked.name() + "\",\"max_tokens\":16,\"stream\":" + isStream
                        + ",\"messages\":[{\"role\":\"user\",\"content\":\"Say something.\"}]}"));
    }
}
