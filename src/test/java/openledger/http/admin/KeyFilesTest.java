package openledger.http.admin;

import static io.restassured.RestAssured.given;
import static org.assertj.core.api.Assertions.assertThat;

import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.QuarkusTestProfile;
import io.quarkus.test.junit.TestProfile;
import io.smallrye.config.EnvConfigSource;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.StreamSupport;
import openledger.http.CapturedLog;
import openledger.http.ChatApi;
import openledger.http.RouterUnderTest;
import openledger.simulator.SimulatedProvider;
import openledger.support.ScratchFolder;
import org.eclipse.microprofile.config.ConfigProvider;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Keys that stand in files: a changed file needs no restart, and one that cannot be used changes nothing. */
@QuarkusTest
@TestProfile(KeyFilesTest.InFiles.class)
final class KeyFilesTest {
    private static final Path FOLDER = folder();
    private static final Path TENANT = FOLDER.resolve("tenant");
    private static final Path ADMIN = FOLDER.resolve("admin");
    private static final Path PROVIDER = FOLDER.resolve("provider");

    /** The keys of a tenant, the administrator and the best-tier providers. */
    public static final class InFiles implements QuarkusTestProfile {
        @Override
        public List<TestResourceEntry> testResources() {
            write(TENANT, "sk-file-tenant-0000000000\n");
            write(ADMIN, "sk-file-admin-00000000000\n");
            write(PROVIDER, "sk-file-provider-00000000\n");
            return List.of(new TestResourceEntry(
                    RouterUnderTest.class,
                    Map.of(
                            "openledger.tenants[5].name", "filed",
                            "openledger.tenants[5].key-file", TENANT.toString(),
                            "openledger.admin.key-sha256", "",
                            "openledger.admin.key-file", ADMIN.toString(),
                            "openledger.providers[0].api-key-file", PROVIDER.toString(),
                            "openledger.providers[1].api-key-file", PROVIDER.toString())));
        }

        @Override
        public boolean disableGlobalTestResources() {
            return true;
        }
    }

    private final CapturedLog log = new CapturedLog();

    @AfterEach
    void noKeyIsLogged() {
        log.close();
        assertThat(log.text()).doesNotContain("sk-file-");
    }

    @Test
    void aRotatedKeyNeedsNoRestart() throws InterruptedException {
        assertThat(status("sk-file-tenant-0000000000", "/v1/models")).isEqualTo(200);
        assertThat(askedWith()).isEqualTo("Bearer sk-file-provider-00000000");

        write(TENANT, "sk-file-tenant-1111111111\n");
        write(ADMIN, "sk-file-admin-11111111111");
        write(PROVIDER, "sk-file-provider-11111111");

        ChatApi.await(() -> status("sk-file-tenant-1111111111", "/v1/models") == 200);
        ChatApi.await(() -> status("sk-file-admin-11111111111", "/admin/keys") == 200);
        ChatApi.await(() -> askedWith().equals("Bearer sk-file-provider-11111111"));
        assertThat(status("sk-file-tenant-0000000000", "/v1/models")).isEqualTo(401);
        assertThat(status("sk-file-admin-00000000000", "/admin/keys")).isEqualTo(401);

        // As a mounted secret changes: the name is moved to another file.
        write(FOLDER.resolve("next"), "sk-file-tenant-2222222222");
        move(FOLDER.resolve("next"), TENANT);
        ChatApi.await(() -> status("sk-file-tenant-2222222222", "/v1/models") == 200);

        write(TENANT, "short");
        write(PROVIDER, "");
        ChatApi.await(() -> log.text()
                        .contains("openledger.tenants[5].key-file: a key must have at least 16 characters")
                && log.text().contains("openledger.providers[0].api-key-file: the file " + PROVIDER + " is empty"));
        assertThat(status("sk-file-tenant-2222222222", "/v1/models")).isEqualTo(200);
        assertThat(askedWith()).isEqualTo("Bearer sk-file-provider-11111111");
    }

    @Test
    void theEnvironmentAndTheCommandLineBeatTheFile() {
        int file = ordinal(RouterUnderTest.configurationFile().getFileName().toString());
        int environment = StreamSupport.stream(
                        ConfigProvider.getConfig().getConfigSources().spliterator(), false)
                .filter(source -> source instanceof EnvConfigSource)
                .mapToInt(source -> source.getOrdinal())
                .max()
                .orElseThrow();

        assertThat(environment).isGreaterThan(file);
        assertThat(ordinal("SysProp")).isGreaterThan(environment);
    }

    private static int ordinal(String part) {
        return StreamSupport.stream(
                        ConfigProvider.getConfig().getConfigSources().spliterator(), false)
                .filter(source -> source.getName().contains(part))
                .mapToInt(source -> source.getOrdinal())
                .max()
                .orElseThrow();
    }

    /** With what the provider that served was asked. */
    private static String askedWith() {
        RouterUnderTest.reset();
        assertThat(ChatApi.chat(ChatApi.body("assistant", false)).statusCode()).isEqualTo(200);
        return RouterUnderTest.providers().stream()
                .map(SimulatedProvider::takeSeen)
                .filter(Objects::nonNull)
                .map(SimulatedProvider.SeenCall::authorization)
                .findFirst()
                .orElseThrow();
    }

    private static int status(String key, String path) {
        return given().header("authorization", "Bearer " + key).get(path).statusCode();
    }

    private static Path folder() {
        try {
            return ScratchFolder.make("keys");
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static void write(Path file, String text) {
        try {
            Files.writeString(file, text);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static void move(Path from, Path to) {
        try {
            Files.move(from, to, StandardCopyOption.REPLACE_EXISTING, StandardCopyOption.ATOMIC_MOVE);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
