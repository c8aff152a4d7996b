package openledger.archive;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

/** The examples that AWS has published. */
final class SignatureV4Test {
    private static final Instant MAY = Instant.parse("2013-05-24T00:00:00Z");
    private static final SignatureV4 S3 =
            new SignatureV4("AKIAIOSFODNN7EXAMPLE", "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY", "us-east-1", "s3");
    private static final String EMPTY = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855";

    /** Amazon S3 API Reference, "Signature Calculations for the Authorization Header", GET Object. */
    @Test
    void getsAnObject() {
        String value = S3.authorization(
                "GET",
                "/test.txt",
                new TreeMap<>(Map.of(
                        "host",
                        "examplebucket.s3.amazonaws.com",
                        "range",
                        "bytes=0-9",
                        "x-amz-content-sha256",
                        EMPTY,
                        "x-amz-date",
                        SignatureV4.time(MAY))),
                SignatureV4.sha256(new byte[0]),
                MAY);

        assertThat(value)
                .isEqualTo("AWS4-HMAC-SHA256 Credential=AKIAIOSFODNN7EXAMPLE/20130524/us-east-1/s3/aws4_request,"
                        + "SignedHeaders=host;range;x-amz-content-sha256;x-amz-date,"
                        + "Signature=f0e8bdb87c964420e857bd35b5d6ed310bd44f0170aba48dd91039c6036bdb41");
    }

    /** The same, PUT Object. */
    @Test
    void putsAnObject() {
        String content = SignatureV4.sha256("Welcome to Amazon S3.".getBytes(StandardCharsets.UTF_8));
        String value = S3.authorization(
                "PUT",
                "/test%24file.text",
                new TreeMap<>(Map.of(
                        "date", "Fri, 24 May 2013 00:00:00 GMT",
                        "host", "examplebucket.s3.amazonaws.com",
                        "x-amz-content-sha256", content,
                        "x-amz-date", SignatureV4.time(MAY),
                        "x-amz-storage-class", "REDUCED_REDUNDANCY")),
                content,
                MAY);

        assertThat(value)
                .endsWith("SignedHeaders=date;host;x-amz-content-sha256;x-amz-date;x-amz-storage-class,"
                        + "Signature=98ad721746da40c64f1a55b78f14c238d841ea1380cd77a1b5971af0ece108bd");
    }

    /** aws-sig-v4-test-suite, get-vanilla and post-vanilla. */
    @Test
    void signsForAnyService() {
        SignatureV4 suite =
                new SignatureV4("AKIDEXAMPLE", "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY", "us-east-1", "service");
        Instant at = Instant.parse("2015-08-30T12:36:00Z");
        var headers = new TreeMap<>(Map.of("host", "example.amazonaws.com", "x-amz-date", SignatureV4.time(at)));

        assertThat(suite.authorization("GET", "/", headers, EMPTY, at))
                .endsWith("Signature=5fa00fa31553b73ebf1942676e86291e8372ff2a2260956d9b8aae1d763fbf31");
        assertThat(suite.authorization("POST", "/", headers, EMPTY, at))
                .endsWith("Signature=5da7c1a2acd57cee7505fc6676e4e544621c30862966e37dddb68e92efbe5d6b");
    }

    @Test
    void doesNotShowItsSecret() {
        assertThat(S3.toString()).contains("AKIAIOSFODNN7EXAMPLE").doesNotContain("wJalr");
    }
}
