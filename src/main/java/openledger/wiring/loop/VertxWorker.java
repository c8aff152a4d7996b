package openledger.wiring.loop;

import io.vertx.core.Vertx;
import java.util.concurrent.Executor;

/** Takes what costs milliseconds off the event loops; tasks may run at the same time. */
public record VertxWorker(Vertx vertx) implements Executor {
    @Override
    public void execute(Runnable task) {
        vertx.<Void>executeBlocking(
                () -> {
                    task.run();
                    return null;
                },
                false);
    }
}
