package openledger.bench.peers;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import openledger.bench.BenchStack;
import openledger.demo.ChildProcess;

/** Portkey's gateway on Node.js; a request's headers say which upstream it goes to. */
final class PortkeyPeer implements Peer {
    private static final String VERSION = "1.15.2";

    /** It listens everywhere and has no setting for it. */
    private static final String LOOPBACK_ONLY = """
            const net = require('node:net');
            const listen = net.Server.prototype.listen;
            net.Server.prototype.listen = function (first, ...rest) {
              const where = typeof first === 'object' ? first : { port: Number(first) };
              const then = rest.filter((each) => typeof each === 'function');
              return listen.call(this, { ...where, host: '127.0.0.1' }, ...then);
            };
            """;

    @Override
    public String name() {
        return "portkey";
    }

    @Override
    public String version() {
        return "npm @portkey-ai/gateway " + VERSION;
    }

    @Override
    public String settings() {
        return "one Node.js process, NODE_ENV=production, --headless, no plugins, no cache, no retries";
    }

    @Override
    public Start start(Path folder, int port) throws IOException, InterruptedException {
        Optional<Start.Absent> absent = PeerInstall.run(
                folder,
                version(),
                List.of(List.of(
                        "npm",
                        "install",
                        "--no-audit",
                        "--no-fund",
                        "--ignore-scripts",
                        "--prefix",
                        ".",
                        "@portkey-ai/gateway@" + VERSION)));
        if (absent.isPresent()) {
            return absent.get();
        }
        Path loopback = folder.resolve("loopback.cjs").toAbsolutePath();
        Files.writeString(loopback, LOOPBACK_ONLY);
        ChildProcess process = ChildProcess.start(
                "peer-portkey",
                BenchStack.OUT,
                Map.of("NODE_ENV", "production"),
                List.of(
                        "node",
                        "--require",
                        loopback.toString(),
                        folder.resolve("node_modules/@portkey-ai/gateway/build/start-server.js")
                                .toString(),
                        "--port=" + port,
                        "--headless"));
        return PeerInstall.await(process, "http://127.0.0.1:" + port + "/");
    }

    @Override
    public String model(Upstream upstream) {
        return "sim-large";
    }

    @Override
    public Map<String, String> headers(Upstream upstream) {
        return Map.of("x-portkey-provider", "openai", "x-portkey-custom-host", upstream.baseUrl());
    }
}
