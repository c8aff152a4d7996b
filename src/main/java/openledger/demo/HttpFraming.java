package openledger.demo;

import java.nio.charset.StandardCharsets;

/** Finds the end of an HTTP/1.1 response in bytes that arrive piece by piece: content length or chunks. */
public final class HttpFraming {
    private static final byte[] HEAD_END = "\r\n\r\n".getBytes(StandardCharsets.US_ASCII);
    private static final byte[] LAST_CHUNK = "0\r\n\r\n".getBytes(StandardCharsets.US_ASCII);

    private byte[] bytes = new byte[4_096];
    private int length;
    private int headEnd = -1;
    private int bodyLength = -1;

    void reset() {
        length = 0;
        headEnd = -1;
        bodyLength = -1;
    }

    /** Takes {@code count} bytes; true once the response is whole. */
    boolean accept(byte[] piece, int count) {
        if (length + count > bytes.length) {
            bytes = java.util.Arrays.copyOf(bytes, Math.max(bytes.length * 2, length + count));
        }
        System.arraycopy(piece, 0, bytes, length, count);
        length += count;
        if (headEnd < 0) {
            headEnd = indexOf(HEAD_END, 0);
            if (headEnd < 0) {
                return false;
            }
            String text = header("content-length");
            bodyLength = text.isEmpty() ? -1 : Integer.parseInt(text);
        }
        int bodyStart = headEnd + HEAD_END.length;
        return bodyLength >= 0 ? length >= bodyStart + bodyLength : endsWith(LAST_CHUNK, bodyStart);
    }

    /** Status of the response; only after its head has arrived. */
    public int status() {
        return Integer.parseInt(new String(bytes, 9, 3, StandardCharsets.US_ASCII));
    }

    /** A header's value, or empty; {@code name} in lower case. */
    public String header(String name) {
        String head = new String(bytes, 0, headEnd, StandardCharsets.ISO_8859_1);
        for (String line : head.lines().toList()) {
            int colon = line.indexOf(':');
            if (colon == name.length() && line.regionMatches(true, 0, name, 0, colon)) {
                return line.substring(colon + 1).strip();
            }
        }
        return "";
    }

    /** What has arrived so far, body and all. */
    public String text() {
        return new String(bytes, 0, length, StandardCharsets.UTF_8);
    }

    private boolean endsWith(byte[] end, int from) {
        if (length - end.length < from) {
            return false;
        }
        return matches(end, length - end.length);
    }

    private int indexOf(byte[] what, int from) {
        for (int i = from; i <= length - what.length; i++) {
            if (matches(what, i)) {
                return i;
            }
        }
        return -1;
    }

    private boolean matches(byte[] what, int at) {
        for (int i = 0; i < what.length; i++) {
            if (bytes[at + i] != what[i]) {
                return false;
            }
        }
        return true;
    }
}
