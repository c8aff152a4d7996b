package openledger.archive;

import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.HexFormat;
import java.util.SortedMap;
import java.util.stream.Collectors;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/**
 * Signs requests as AWS wants them (Signature Version 4). Ours have no query, and paths that need no escapes.
 *
 * @param accessKey shown in each request
 * @param secret never shown
 * @param region of the service, such as {@code us-east-1}
 * @param service such as {@code s3}
 */
record SignatureV4(String accessKey, String secret, String region, String service) {
    private static final String ALGORITHM = "AWS4-HMAC-SHA256";
    private static final DateTimeFormatter TIME =
            DateTimeFormatter.ofPattern("yyyyMMdd'T'HHmmss'Z'").withZone(ZoneOffset.UTC);
    private static final DateTimeFormatter DAY =
            DateTimeFormatter.ofPattern("yyyyMMdd").withZone(ZoneOffset.UTC);

    /** The value of {@code x-amz-date}. */
    static String time(Instant at) {
        return TIME.format(at);
    }

    static String sha256(byte[] content) {
        try {
            return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(content));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("every Java platform has SHA-256", e);
        }
    }

    /**
     * The value of {@code authorization}.
     *
     * @param headers all that are signed, in lower case, {@code host} among them
     * @param content {@link #sha256} of the body
     */
    String authorization(String method, String path, SortedMap<String, String> headers, String content, Instant at) {
        String names = String.join(";", headers.keySet());
        String lines = headers.entrySet().stream()
                .map(header -> header.getKey() + ":" + header.getValue().strip() + "\n")
                .collect(Collectors.joining());
        String request = method + "\n" + path + "\n\n" + lines + "\n" + names + "\n" + content;
        String scope = DAY.format(at) + "/" + region + "/" + service + "/aws4_request";
        String signed = ALGORITHM + "\n" + time(at) + "\n" + scope + "\n" + sha256(utf8(request));
        byte[] key = hmac(utf8("AWS4" + secret), DAY.format(at));
        key = hmac(hmac(hmac(key, region), service), "aws4_request");
        return ALGORITHM + " Credential=" + accessKey + "/" + scope + ",SignedHeaders=" + names + ",Signature="
                + HexFormat.of().formatHex(hmac(key, signed));
    }

    private static byte[] hmac(byte[] key, String text) {
        try {
            Mac mac = Mac.getInstance("HmacSHA256");
            mac.init(new SecretKeySpec(key, "HmacSHA256"));
            return mac.doFinal(utf8(text));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("every Java platform has HmacSHA256", e);
        }
    }

    private static byte[] utf8(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    /** Without the secret. */
    @Override
    public String toString() {
        return "signature of " + accessKey;
    }
}
