package openledger.cli.reconcile;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import openledger.archive.PublicDownload;
import openledger.cli.ForeignJson;
import openledger.verifier.ReceiptReader;
import openledger.verifier.ReceiptSeries;
import openledger.verifier.UnreadableReceipt;

/** Where decisions and receipts come from. Confined to one thread. */
interface LogSource extends AutoCloseable {
    /** Puts decisions into a log: those of a time, or all that there are. */
    void log(LoggedDecisions into, Instant from, Instant to) throws IOException, InterruptedException;

    /** The receipt of a request of that log. */
    byte[] receipt(String request, LoggedDecisions log) throws IOException, InterruptedException;

    @Override
    void close();

    /** A router, with the keys of tenants. */
    final class OfRouter implements LogSource {
        private final List<PublicDownload> tenants = new ArrayList<>();

        OfRouter(URI address, List<String> keys) {
            keys.forEach(key -> tenants.add(new PublicDownload(address, key)));
        }

        @Override
        public void log(LoggedDecisions into, Instant from, Instant to) throws IOException, InterruptedException {
            for (int key = 0; key < tenants.size(); key++) {
                into.download(tenants.get(key), key, from, to);
            }
        }

        @Override
        public byte[] receipt(String request, LoggedDecisions log) throws IOException, InterruptedException {
            // A name that a router gave: it must not become another path.
            if (!request.matches("[0-9a-f]{32}")) {
                throw new IOException("the name of a request is not 32 hexadecimal digits");
            }
            return tenants.get(log.owner(request)).get("/v1/receipts/" + request, ReceiptReader.LARGEST);
        }

        @Override
        public void close() {
            tenants.forEach(PublicDownload::close);
        }
    }

    /** Receipts that were kept; they are taken whole, whatever the time in question. */
    final class OfReceipts implements LogSource {
        private final List<Path> files;
        private final Map<String, Path> byRequest = new HashMap<>();

        /** @param given files, and folders of them */
        OfReceipts(List<Path> given) throws IOException {
            this.files = ReceiptSeries.files(given);
        }

        @Override
        public void log(LoggedDecisions into, Instant from, Instant to) throws IOException {
            for (Path file : files) {
                JsonNode receipt = ForeignJson.read(read(file));
                into.take(receipt, 0);
                byRequest.putIfAbsent(receipt.path("request").asText(""), file);
            }
        }

        @Override
        public byte[] receipt(String request, LoggedDecisions log) throws IOException {
            Path file = byRequest.get(request);
            if (file == null) {
                throw new IOException("no receipt is of a request of the log");
            }
            return read(file);
        }

        private static byte[] read(Path file) throws IOException {
            try {
                return ReceiptSeries.bytes(file);
            } catch (UnreadableReceipt e) {
                throw new IOException(file.getFileName() + " cannot be read", e);
            }
        }

        @Override
        public void close() {}
    }
}
