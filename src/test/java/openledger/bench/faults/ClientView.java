package openledger.bench.faults;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.zip.GZIPInputStream;

/**
 * What a client has of an answer.
 *
 * @param status of the answer; 0 if there was none
 * @param text its body as an SDK reads it, whole or not
 * @param end how it ended
 */
record ClientView(int status, String text, End end) {
    /** How an answer ended. */
    enum End {
        /** As HTTP says an answer ends. */
        WHOLE,
        /** The transfer broke. */
        BROKEN,
        /** The client's patience was over. */
        SILENT
    }

    private static final int OK = 200;

    /**
     * A body whose coding cannot be undone is read as far as it can be.
     *
     * @param coding the body's content encoding, or empty
     */
    static ClientView of(int status, String coding, byte[] body, End end) {
        byte[] plain = coding.toLowerCase(Locale.ROOT).equals("gzip") ? unzipped(body) : body;
        return new ClientView(status, new String(plain, StandardCharsets.UTF_8), end);
    }

    boolean isOk() {
        return status == OK;
    }

    private static byte[] unzipped(byte[] body) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (GZIPInputStream gzip = new GZIPInputStream(new ByteArrayInputStream(body))) {
            gzip.transferTo(bytes);
        } catch (IOException damaged) {
            return bytes.toByteArray();
        }
        return bytes.toByteArray();
    }
}
