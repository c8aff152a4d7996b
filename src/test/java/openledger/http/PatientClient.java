package openledger.http;

import java.io.IOException;
import java.io.InputStream;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;

/** A client that sends the body of its request only once it is told to (RFC 9110, section 10.1.1). */
public final class PatientClient {
    private static final int PATIENCE_MILLIS = 15_000;

    private final URI router;

    public PatientClient(URI router) {
        this.router = router;
    }

    /** The answer to the whole request, without the interim one. */
    public String send(String head, String body) throws IOException {
        try (Socket socket = new Socket(router.getHost(), router.getPort())) {
            socket.setSoTimeout(PATIENCE_MILLIS);
            socket.getOutputStream().write(head.getBytes(StandardCharsets.US_ASCII));
            String interim = head(socket.getInputStream());
            if (!interim.startsWith("HTTP/1.1 100")) {
                throw new AssertionError("not told to go on: " + interim);
            }
            socket.getOutputStream().write(body.getBytes(StandardCharsets.US_ASCII));
            return new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        }
    }

    private static String head(InputStream in) throws IOException {
        StringBuilder head = new StringBuilder();
        while (head.indexOf("\r\n\r\n") < 0) {
            int octet = in.read();
            if (octet < 0) {
                return head.toString();
            }
            head.append((char) octet);
        }
        return head.toString();
    }
}
