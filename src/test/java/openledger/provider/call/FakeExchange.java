package openledger.provider.call;

import io.vertx.core.Context;
import io.vertx.core.Handler;
import io.vertx.core.MultiMap;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpClientRequest;
import io.vertx.core.http.HttpClientResponse;
import java.io.IOException;
import java.lang.reflect.InvocationHandler;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.util.ArrayDeque;
import java.util.Deque;
import org.jspecify.annotations.Nullable;

/**
 * A request and its response as a test sends them, with Vert.x's rules: what comes while the response is paused waits, and is passed on
 * in a later turn of the loop once it is resumed; only a loss does not wait. Confined to its event loop.
 */
final class FakeExchange implements Delivery {
    private final Context loop;
    private final Deque<Runnable> waiting = new ArrayDeque<>();
    private final MultiMap headers = MultiMap.caseInsensitiveMultiMap().add("content-type", "text/event-stream");
    private @Nullable Handler<Buffer> bytes;
    private @Nullable Handler<Void> end;
    private @Nullable Handler<Throwable> exception;
    private int status;
    private boolean paused;
    /** No more bytes come. */
    private boolean isOver;

    boolean isReset;
    boolean isStopped;
    boolean isRead;

    FakeExchange(Context loop) {
        this.loop = loop;
    }

    @Override
    public void start() {}

    @Override
    public void stop() {
        isStopped = true;
    }

    @Override
    public boolean isSentAgain() {
        return false;
    }

    HttpClientRequest request() {
        return fake(HttpClientRequest.class, (proxy, method, arguments) -> {
            if ("reset".equals(method.getName())) {
                isReset = true;
                isOver = true;
                waiting.clear();
                return true;
            }
            throw new UnsupportedOperationException(method.getName());
        });
    }

    HttpClientResponse response(int withStatus) {
        status = withStatus;
        return fake(HttpClientResponse.class, this::onResponse);
    }

    @SuppressWarnings("unchecked") // as the interface declares them
    private @Nullable Object onResponse(Object proxy, Method method, Object[] arguments) {
        switch (method.getName()) {
            case "statusCode" -> {
                return status;
            }
            case "headers" -> {
                return headers;
            }
            case "getHeader" -> {
                return headers.get(String.valueOf(arguments[0]));
            }
            case "handler" -> bytes = (Handler<Buffer>) arguments[0];
            case "endHandler" -> end = (Handler<Void>) arguments[0];
            case "exceptionHandler" -> exception = (Handler<Throwable>) arguments[0];
            case "pause" -> paused = true;
            case "resume" -> {
                paused = false;
                loop.runOnContext(turn -> passOn());
            }
            default -> throw new UnsupportedOperationException(method.getName());
        }
        return proxy;
    }

    private static <T> T fake(Class<T> type, InvocationHandler handler) {
        return type.cast(Proxy.newProxyInstance(type.getClassLoader(), new Class<?>[] {type}, handler));
    }

    /** True if the connection is another call's, or is closed. */
    boolean isGivenBack() {
        return isRead || isReset;
    }

    /** True if a head has come and more may follow. */
    boolean isOpen() {
        return status != 0 && !isOver;
    }

    void send(String text) {
        queue(() -> {
            if (bytes != null) {
                bytes.handle(Buffer.buffer(text));
            }
        });
    }

    void end() {
        isOver = true;
        queue(() -> {
            isRead = true;
            if (end != null) {
                end.handle(null);
            }
        });
    }

    /** True if somebody was told. */
    boolean lose() {
        isOver = true;
        isReset = true;
        if (exception != null) {
            exception.handle(new IOException("lost"));
        }
        return exception != null;
    }

    private void queue(Runnable event) {
        waiting.add(event);
        passOn();
    }

    private void passOn() {
        while (!paused && !waiting.isEmpty()) {
            waiting.remove().run();
        }
    }
}
