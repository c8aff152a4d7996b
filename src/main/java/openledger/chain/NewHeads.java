package openledger.chain;

import com.fasterxml.jackson.databind.JsonNode;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.WebSocket;
import io.vertx.core.http.WebSocketClient;
import io.vertx.core.http.WebSocketClientOptions;
import io.vertx.core.http.WebSocketConnectOptions;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import openledger.chain.rpc.NodeAddress;
import openledger.chain.rpc.NodeJson;
import openledger.chain.rpc.RpcFailure;
import org.jboss.logging.Logger;

/**
 * Notifies of new blocks: as nodes announce them over a WebSocket, once per block; and at an interval whenever none was announced since,
 * whether no node announces, the chain stands still, or a connection is dead without notice.
 */
final class NewHeads {
    private static final Logger LOG = Logger.getLogger(NewHeads.class);
    private static final int LARGEST_MESSAGE = 1 << 20;
    private static final int CONNECT_MILLIS = 3_000;
    /** A connection as silent as that is made anew. */
    private static final int SILENT_SECONDS = 60;

    private static final long FIRST_BACKOFF_MILLIS = 100;
    private static final long LONGEST_BACKOFF_MILLIS = 10_000;
    private static final String SUBSCRIBE =
            "{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"eth_subscribe\",\"params\":[\"newHeads\"]}";

    private final Vertx vertx;
    private final List<URI> nodes;
    private final WebSocketClient client;
    private final List<Runnable> listeners = new CopyOnWriteArrayList<>();
    private final long poll;
    private final long silentMillis;
    private volatile boolean closed;
    private volatile boolean announced;
    private volatile String lastHash = "";
    private volatile int node;
    private volatile long backoffMillis = FIRST_BACKOFF_MILLIS;

    NewHeads(Vertx vertx, List<URI> nodes, Duration pollInterval) {
        this.vertx = vertx;
        this.nodes = nodes;
        this.silentMillis = pollInterval.toMillis();
        this.client = vertx.createWebSocketClient(new WebSocketClientOptions()
                .setConnectTimeout(CONNECT_MILLIS)
                .setIdleTimeout(SILENT_SECONDS)
                .setMaxFrameSize(LARGEST_MESSAGE)
                .setMaxMessageSize(LARGEST_MESSAGE));
        this.poll = vertx.setPeriodic(Math.max(1, silentMillis), due -> tick());
        if (!nodes.isEmpty()) {
            connect();
        }
    }

    /** From now on {@code told} is called, on an event loop. */
    void tell(Runnable told) {
        listeners.add(told);
    }

    void close() {
        closed = true;
        vertx.cancelTimer(poll);
        client.close();
    }

    private void tick() {
        if (announced) {
            announced = false;
        } else {
            tellAll();
        }
    }

    private void connect() {
        URI address = nodes.get(node % nodes.size());
        client.connect(new WebSocketConnectOptions()
                        .setHost(address.getHost())
                        .setPort(NodeAddress.port(address))
                        .setSsl(NodeAddress.isTls(address))
                        .setURI(NodeAddress.target(address)))
                .onComplete(made -> {
                    if (made.succeeded()) {
                        subscribe(made.result());
                    } else {
                        lost(address);
                    }
                });
    }

    private void subscribe(WebSocket socket) {
        URI address = nodes.get(node % nodes.size());
        socket.textMessageHandler(text -> heard(text, socket));
        socket.exceptionHandler(broken -> socket.close());
        socket.closeHandler(closed -> lost(address));
        socket.writeTextMessage(SUBSCRIBE);
    }

    private void heard(String text, WebSocket socket) {
        JsonNode said;
        try {
            said = NodeJson.tree(Buffer.buffer(text), "a node");
        } catch (RpcFailure malformed) {
            socket.close();
            return;
        }
        if (said.has("error")) {
            // It does not announce blocks; another may.
            socket.close();
            return;
        }
        String hash = said.path("params").path("result").path("hash").asText("");
        if (hash.isEmpty()) {
            return;
        }
        backoffMillis = FIRST_BACKOFF_MILLIS;
        announced = true;
        if (!hash.equals(lastHash)) {
            lastHash = hash;
            tellAll();
        }
    }

    private void lost(URI address) {
        if (closed) {
            return;
        }
        LOG.debugf("No new blocks from %s: polling until it is back", NodeAddress.shown(address));
        node = (node + 1) % nodes.size();
        long wait = backoffMillis;
        backoffMillis = Math.min(2 * wait, LONGEST_BACKOFF_MILLIS);
        vertx.setTimer(wait, due -> {
            if (!closed) {
                connect();
            }
        });
    }

    private void tellAll() {
        for (Runnable told : listeners) {
            try {
                told.run();
            } catch (RuntimeException e) {
                LOG.error("A listener to new blocks failed", e);
            }
        }
    }
}
