package openledger.http;

import io.vertx.core.Handler;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.net.SocketAddress;
import openledger.http.problem.Problem;
import openledger.http.problem.ProblemType;
import org.jspecify.annotations.Nullable;

/**
 * The port on which the administrator's addresses and the details of health are served: the router's own, or a separate one and then
 * nowhere else. Thread-safe.
 */
public final class AdminPort {
    private static final int CLOSED = -1;

    private final boolean separate;
    private volatile int port = CLOSED;

    /** @param separate whether they have a port of their own */
    public AdminPort(boolean separate) {
        this.separate = separate;
    }

    /** It listens now. */
    public void open(int number) {
        port = number;
    }

    /** Its number; -1 if it is not open, or if there is none. */
    public int number() {
        return port;
    }

    /** Lets a server of its own see requests for its addresses only, and only as they are written in the documentation. */
    public static Handler<HttpServerRequest> only(Handler<HttpServerRequest> rest) {
        return request -> {
            if (isOurs(request.path())) {
                rest.handle(request);
            } else {
                request.response()
                        .setStatusCode(ProblemType.NOT_FOUND.status())
                        .putHeader(HttpHeaders.CONTENT_TYPE, Problem.CONTENT_TYPE)
                        .putHeader(HttpHeaders.CONNECTION, HttpHeaders.CLOSE)
                        .end(Problem.ofStatus(ProblemType.NOT_FOUND.status()).toJson());
            }
        };
    }

    private static boolean isOurs(@Nullable String path) {
        if (path == null || path.contains("//") || !path.chars().allMatch(AdminPort::isPlain)) {
            return false;
        }
        Area area = Area.of(path);
        return area == Area.ADMIN || area == Area.HEALTH;
    }

    private static boolean isPlain(int c) {
        return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || "/-_".indexOf(c) >= 0;
    }

    boolean isSeparate() {
        return separate;
    }

    /** Whether a request came in there. */
    boolean took(HttpServerRequest request) {
        SocketAddress at = request.localAddress();
        return separate && at != null && at.port() == port;
    }
}
