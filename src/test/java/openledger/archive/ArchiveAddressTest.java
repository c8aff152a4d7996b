package openledger.archive;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

final class ArchiveAddressTest {
    private static final Map<String, String> KEYS =
            Map.of("AWS_ACCESS_KEY_ID", "AKIDEXAMPLE", "AWS_SECRET_ACCESS_KEY", "secret-of-the-bucket");

    @Test
    void isAFolderOrABucket() {
        assertThat(open("log", KEYS)).isInstanceOf(FolderArchive.class);
        assertThat(open("/var/lib/log", Map.of())).hasToString("/var/lib/log");
        assertThat(open("s3://audit", KEYS)).hasToString("s3://audit");
        assertThat(open("s3://audit/", KEYS)).hasToString("s3://audit");
        assertThat(open("s3://my.audit-1/Log_1/x.y", KEYS)).hasToString("s3://my.audit-1/Log_1/x.y");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                " ",
                "s3://",
                "s3://a",
                "s3://Audit",
                "s3://audit//x",
                "s3://audit/../other",
                "s3://audit/a b",
                "s3://audit/%2e%2e",
                "s3://audit/x?y",
                "s3://user:pass@audit/x",
                "https://bucket/x",
                "file:///tmp",
                "a\0b"
            })
    void anythingElseIsRefused(String text) {
        assertThatThrownBy(() -> open(text, KEYS))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageNotContaining("secret-of");
    }

    @ParameterizedTest
    @CsvSource({
        "ftp://minio, us-east-1",
        "https://user:pass@minio, us-east-1",
        "https://minio/path, us-east-1",
        "minio:9000, us-east-1",
        "https://minio, Us East",
        "https://minio, us/east"
    })
    void anEndpointIsAnAddressAndARegionAWord(String endpoint, String region) {
        assertThatThrownBy(() ->
                        new ArchiveAddress("s3://audit", Optional.of(endpoint), Optional.of(region)).open(KEYS::get))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageNotContaining("pass@");
    }

    @Test
    void aBucketNeedsItsKeys() {
        for (String name : KEYS.keySet()) {
            Map<String, String> others = new HashMap<>(KEYS);
            others.remove(name);
            assertThatThrownBy(() -> open("s3://audit", others))
                    .hasMessageContaining(name + " is not set")
                    .hasMessageNotContaining("secret-of");
            others.put(name, "two\nlines of-secret");
            assertThatThrownBy(() -> open("s3://audit", others))
                    .hasMessageContaining(name)
                    .hasMessageNotContaining("of-secret");
        }
    }

    private static Object open(String text, Map<String, String> environment) {
        return new ArchiveAddress(text, Optional.empty(), Optional.empty()).open(environment::get);
    }
}
