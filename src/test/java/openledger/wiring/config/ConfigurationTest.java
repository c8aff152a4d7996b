package openledger.wiring.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.quarkus.runtime.configuration.DurationConverter;
import io.smallrye.config.ConfigMapping;
import io.smallrye.config.PropertiesConfigSource;
import io.smallrye.config.SmallRyeConfig;
import io.smallrye.config.SmallRyeConfigBuilder;
import io.smallrye.config.WithName;
import io.smallrye.config.source.yaml.YamlConfigSource;
import java.io.IOException;
import java.lang.reflect.Method;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.Type;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import openledger.access.KeyDigest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Long because the table of bad values is. */
public final class ConfigurationTest {
    private static final Path DOCUMENTED = Path.of("deploy/openledger.yaml");
    private static final Map<String, String> ENVIRONMENT = Map.of(
            "ACME_KEY", "sk-acme-0123456789abcdef",
            "OPENLEDGER_ADMIN_KEY", "sk-admin-0123456789abcdef",
            "OPENAI_API_KEY", "sk-provider-0123456789",
            "OTLP_AUTHORIZATION", "Bearer 0123456789",
            "OPENLEDGER_LOG_KEY", "0d".repeat(32),
            "OPENLEDGER_LANE_KEY", "5de4111afa1a4b94908f83103eb1f1706367c2e68ca870fc3fb9a804cdab365a");

    @Test
    void theDocumentedFileIsUsable() throws IOException {
        CheckedConfiguration checked = check(Map.of());

        assertThat(checked.draft().routes()).containsKey("assistant");
        assertThat(checked.providerKeys()).containsEntry("openai", "sk-provider-0123456789");
    }

    @ParameterizedTest
    @CsvSource({
        "limits.largest-body-bytes, max-body-bytes",
        "limits.deepest-body, max-body-depth",
        "limits.most-in-flight, max-in-flight",
        "resends.largest-answer-bytes, max-answer-bytes",
        "resends.most-ledgers, max-ledgers",
        "confirmed.most-held, max-held",
        "settlement.longest-wait, max-wait",
        "settlement.most-gwei, max-gwei",
    })
    void aKeyThatIsCalledOtherwiseNowIsRefusedWithItsNewName(String key, String now) throws IOException {
        FormerKeys keys = new SmallRyeConfigBuilder()
                .withConverter(Duration.class, 200, new DurationConverter())
                .withSources(
                        new YamlConfigSource(DOCUMENTED.toUri().toURL(), 100),
                        new PropertiesConfigSource(Map.of("openledger." + key, "7"), "test", 200))
                .withMapping(OpenLedgerConfig.class)
                .withMapping(FormerKeys.class)
                .build()
                .getConfigMapping(FormerKeys.class);

        assertThatThrownBy(() -> FormerKeys.refuse(keys))
                .isInstanceOf(ConfigurationProblem.class)
                .hasMessageContaining("openledger." + key + ": was renamed to " + now);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = ';',
            value = {
                "openledger.lane;0;openledger.lane",
                "openledger.lanes;1-4;openledger.lanes",
                "openledger.orphan-grace;5m;openledger.resends",
                "openledger.tenants[0].name;a b;openledger.tenants[0].name",
                "openledger.tenants[0].key-env;NO_SUCH;openledger.tenants[0].key-env",
                "openledger.tenants[1].key-sha256;abc;openledger.tenants[1].key-sha256",
                "openledger.tenants[0].requests-per-minute;0;openledger.tenants[0]",
                "openledger.tenants[0].concurrent-requests;-1;openledger.tenants[0]",
                "openledger.tenants[0].tokens-per-minute;100000001;openledger.tenants[0]",
                "openledger.tenants[0].default-mode;slow;openledger.tenants[0].default-mode",
                "openledger.keys.wrong-keys-per-minute;0;openledger.keys.wrong-keys-per-minute",
                "openledger.keys.max-staleness;1s;openledger.keys.max-staleness",
                "openledger.oidc.allowed-tenants;team-[;openledger.oidc",
                "openledger.oidc.requests-per-minute;0;openledger.oidc",
                "openledger.oidc.tokens-per-minute;0;openledger.oidc",
                "openledger.admin.key-env;NO_SUCH;openledger.admin.key-env",
                "openledger.admin.key-env;ACME_KEY;openledger.admin",
                "openledger.admin.key-sha256;abc;openledger.admin",
                "openledger.admin.port;65536;openledger.admin.port",
                "openledger.admin.port;-1;openledger.admin.port",
                "openledger.providers[0].dialect;morse;openledger.providers[0].dialect",
                "openledger.providers[0].base-url;file:///etc/passwd;openledger.providers[0].base-url",
                "openledger.providers[0].base-url;https://user:pass@host/v1;openledger.providers[0].base-url",
                "openledger.providers[0].base-url;https://host/v1/chat/completions;openledger.providers[0].base-url",
                "openledger.providers[0].base-url;https://host/v1/messages/;openledger.providers[0].base-url",
                "openledger.providers[0].base-url;https://my_host/v1;openledger.providers[0].base-url",
                "openledger.providers[0].base-url;http://a b/v1;openledger.providers[0].base-url",
                "openledger.providers[0].proxy;https://proxy:3128;openledger.providers[0].proxy",
                "openledger.providers[0].proxy;http://proxy;openledger.providers[0].proxy",
                "openledger.providers[0].proxy;http://user:word@proxy:3128;openledger.providers[0].proxy",
                "openledger.providers[0].proxy-user;me;openledger.providers[0].proxy",
                "openledger.providers[0].proxy-password-env;NO_SUCH;openledger.providers[0].proxy-password-env",
                "openledger.providers[0].ca;/no/such/file.pem;openledger.providers[0].ca",
                "openledger.providers[0].ca;pom.xml;openledger.providers[0].ca",
                "openledger.providers[0].api-key-env;NO_SUCH;openledger.providers[0].api-key-env",
                "openledger.providers[0].timeouts.connect;0s;openledger.providers[0].timeouts",
                "openledger.providers[1].name;openai;openledger.providers[1].name",
                "openledger.routes[0].name;;openledger.routes[0].name",
                "openledger.routes[0].tiers[0].attempts;0;openledger.routes[0].tiers[0].attempts",
                "openledger.routes[0].tiers[0].attempts;99;openledger.routes[0].tiers[0].attempts",
                "openledger.routes[0].tiers[1].name;best;openledger.routes[0].tiers[1].name",
                "openledger.routes[0].tiers[0].targets[0].provider;nobody;openledger.routes[0].tiers[0].targets[0].provider",
                "openledger.routes[0].tiers[0].targets[0].weight;0;openledger.routes[0].tiers[0].targets[0]",
                "openledger.routes[0].tiers[0].targets[0].slots.min;500;openledger.routes[0].tiers[0].targets[0]",
                "openledger.routes[0].backoff.cap;1ms;openledger.routes[0].backoff",
                "openledger.routes[0].hedge-after;0s;openledger.routes[0].hedge-after",
                "openledger.routes[0].affinity;sticky;openledger.routes[0].affinity",
                "openledger.routes[0].affinity;session;openledger.routes[0].affinity",
                "openledger.routes[0].storm-guard.ratio-percent;-1;openledger.routes[0].storm-guard",
                "openledger.routes[0].modes[0];slow;openledger.routes[0].modes",
                "openledger.routes[0].default-mode;slow;openledger.routes[0].default-mode",
                "openledger.routes[0].retry-grid;450ms;openledger.routes[0].retry-grid",
                "openledger.routes[0].retry-grid;50ms;openledger.routes[0].retry-grid",
                "openledger.routes[0].retry-grid;0s;openledger.routes[0].retry-grid",
                "openledger.routes[0].retry-grid;-400ms;openledger.routes[0].retry-grid",
                "openledger.routes[0].retry-grid;1000h;openledger.routes[0].retry-grid",
                "openledger.routes[0].tiers[0].attempts;8;openledger.routes[0].tiers",
                "openledger.confirmed.epoch;9ms;openledger.confirmed.epoch",
                "openledger.confirmed.epoch;11s;openledger.confirmed.epoch",
                "openledger.confirmed.epoch;0s;openledger.confirmed.epoch",
                "openledger.confirmed.epoch;PT0.0105S;openledger.confirmed.epoch",
                "openledger.confirmed.epoch;150ms;openledger.routes[0].retry-grid",
                "openledger.confirmed.gate;middle;openledger.confirmed.gate",
                "openledger.confirmed.level;PRECONFIRMED;openledger.confirmed.level",
                "openledger.confirmed.level;SETTLED;openledger.confirmed.level",
                "openledger.confirmed.level;sequenced;openledger.confirmed.level",
                "openledger.confirmed.max-wait;0s;openledger.confirmed.max-wait",
                "openledger.confirmed.max-wait;11s;openledger.confirmed.max-wait",
                "openledger.confirmed.on-unconfirmed;retry;openledger.confirmed.on-unconfirmed",
                "openledger.confirmed.max-held;0;openledger.confirmed.max-held",
                "openledger.twins.pairs-per-minute;601;openledger.twins",
                "openledger.twins.pairs-per-day;0;openledger.twins",
                "openledger.telemetry.scrape.port;0;openledger.telemetry.scrape",
                "openledger.telemetry.push.endpoint;ftp://collector;openledger.telemetry.push",
                "openledger.telemetry.push.authorization-env;NO_SUCH;openledger.telemetry.push.authorization-env",
                "openledger.telemetry.push.interval;1ms;openledger.telemetry.push",
                "openledger.telemetry.traced-percent;101;openledger.telemetry.traced-percent",
                "openledger.circuit.failure-percent;0;openledger.circuit",
                "openledger.limits.max-body-bytes;1;openledger.limits.max-body-bytes",
                "openledger.limits.max-body-depth;0;openledger.limits.max-body-depth",
                "openledger.limits.max-connections;0;openledger.limits",
                "openledger.limits.max-connections-per-address;0;openledger.limits",
                "openledger.limits.trusted-addresses[0];localhost;openledger.limits",
                "openledger.limits.trusted-addresses[0];10.0.0.0/33;openledger.limits",
                "openledger.limits.first-request-timeout;0s;openledger.limits",
                "openledger.limits.head-timeout;61m;openledger.limits",
                "openledger.limits.body-timeout;0s;openledger.limits",
                "openledger.limits.keep-alive-timeout;1ms;openledger.limits",
                "openledger.limits.unread-timeout;0s;openledger.limits",
                "openledger.journal.max-wait;1ms;openledger.journal",
                "openledger.settlement.rpc-urls[0];ftp://node;openledger.settlement",
                "openledger.settlement.rpc-urls[0];http://user:pass@node;openledger.settlement",
                "openledger.settlement.web-socket-url;http://node;openledger.settlement",
                "openledger.settlement.chain-id;0;openledger.settlement",
                "openledger.settlement.registry;0x12;openledger.settlement.registry",
                "openledger.settlement.key-env;NO_SUCH;openledger.settlement.key-env",
                "openledger.settlement.key-env;ACME_KEY;openledger.settlement.key-env",
                "openledger.settlement.lane-keys-env;OPENLEDGER_LOG_KEY;openledger.settlement.lane-keys-env",
                "openledger.settlement.key-envs.1;OPENLEDGER_LANE_KEY;openledger.settlement.key-envs",
                "openledger.settlement.signer-key-env;NO_SUCH;openledger.settlement.signer-key-env",
                "openledger.settlement.signer-key-env;ACME_KEY;openledger.settlement.signer-key-env",
                "openledger.settlement.lane-opener;0x12;openledger.settlement.lane-opener",
                "openledger.settlement.batches-in-flight;0;openledger.settlement.batches-in-flight",
                "openledger.settlement.max-gwei;0;openledger.settlement.max-gwei",
                "openledger.settlement.max-wait;2h;openledger.settlement.max-wait",
                "openledger.settlement.challenge-window;0s;openledger.settlement.challenge-window",
                "openledger.settlement.anchor-within;0s;openledger.settlement.anchor-within",
                "openledger.settlement.warn-leaves;0;openledger.settlement.warn-leaves",
                "openledger.settlement.warn-age;0s;openledger.settlement.warn-age",
                "openledger.log.key-env;NO_SUCH;openledger.log.key-env",
                "openledger.log.key-env;ACME_KEY;openledger.log.key-env",
                "openledger.log.origin;https://router.example/log/1;openledger.log.origin",
                "openledger.log.origin;router.example/log/1/;openledger.log.origin",
                "openledger.log.origin;router example;openledger.log.origin",
                "openledger.log.origin;router.example/1+1;openledger.log.origin",
                "openledger.page.rpc-urls[0];ftp://node;openledger.page.rpc-urls",
                "openledger.page.rpc-urls[0];https://user:pass@node;openledger.page.rpc-urls",
                "openledger.page.rpc-urls[0];https://no_de;openledger.page.rpc-urls",
                "openledger.page.rpc-urls[0];https://no de;openledger.page.rpc-urls",
                "openledger.retention.journal-days;0;openledger.retention.journal-days",
                "openledger.retention.batch-days;30;openledger.retention.batch-days",
                "openledger.retention.batch-days;0;openledger.retention.batch-days",
                "openledger.log.archive;s3://audit;openledger.log.archive",
                "openledger.log.archive;s3://a/../b;openledger.log.archive",
                "openledger.log.archive;https://bucket/log;openledger.log.archive",
            })
    void aBadValueIsRefusedWithItsKey(String key, String value, String named) {
        assertThatThrownBy(() -> check(Map.of(key, value == null ? " " : value)))
                .isInstanceOf(ConfigurationProblem.class)
                .hasMessageContaining(named + ": ")
                .hasMessageNotContaining("sk-");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = ';',
            value = {
                "openledger.tenants[0].key",
                "openledger.admin.key",
                "openledger.providers[0].api-key",
                "openledger.settlement.key",
                "openledger.telemetry.push.authorization",
            })
    void aKeyFileThatCannotBeUsedIsRefusedWithItsKeyAndTheReason(String key, @TempDir Path folder) throws IOException {
        Path empty = Files.writeString(folder.resolve("empty"), " \n");
        Path odd = Files.writeString(folder.resolve("odd"), "sk-odd-0123456789\u00e9\u0001");
        Path large = Files.writeString(folder.resolve("large"), "x".repeat(20_000));
        Path open = Files.writeString(folder.resolve("open"), "sk-open-0123456789abcdef");
        Files.setPosixFilePermissions(open, PosixFilePermissions.fromString("rw-rw-rw-"));
        Map<Path, String> reasons = Map.of(
                folder.resolve("none"),
                "does not exist",
                empty,
                "is empty",
                odd,
                "has a character that no key can have",
                large,
                "is larger than",
                folder,
                "is a folder",
                open,
                "can be changed by everybody");

        reasons.forEach((file, reason) -> assertThatThrownBy(
                        () -> check(Map.of(key + "-env", "", key + "-file", file.toString())))
                .isInstanceOf(ConfigurationProblem.class)
                .hasMessageContaining(key + "-file: the file " + file + " " + reason)
                .hasMessageNotContaining("sk-"));
        assertThatThrownBy(() -> check(Map.of(key + "-file", empty.toString())))
                .hasMessageContaining("-env")
                .hasMessageContaining("-file");
    }

    @Test
    void aKeyFileIsReadWithoutWhatAnEditorPutsAround(@TempDir Path folder) throws IOException {
        Path file = Files.writeString(folder.resolve("key"), "sk-file-0123456789abcdef\r\n");

        CheckedConfiguration checked = check(Map.of(
                "openledger.providers[0].api-key-env",
                "",
                "openledger.providers[0].api-key-file",
                file.toString(),
                "openledger.admin.key-env",
                "",
                "openledger.admin.key-file",
                file.toString()));

        assertThat(checked.providerKeys()).containsEntry("openai", "sk-file-0123456789abcdef");
        assertThat(checked.adminKey()).contains(KeyDigest.of("sk-file-0123456789abcdef"));
    }

    @Test
    void thePageMayAskTheNodesThatAreNamedForItAndElseOnlyThoseOnThisMachine() throws IOException {
        Map<String, String> nodes = Map.of(
                "openledger.settlement.rpc-urls[0]", "https://node.example/secret",
                "openledger.settlement.rpc-urls[1]", "http://127.0.0.1:8545",
                "openledger.settlement.rpc-urls[2]", "http://127.0.0.1.example:8545");
        Map<String, String> unnamed = new HashMap<>(nodes);
        unnamed.put("openledger.page.rpc-urls", "");
        unnamed.put("openledger.page.rpc-urls[0]", "");

        assertThat(check(nodes).page().orElseThrow().nodes()).containsExactly(URI.create("https://rpc.example.com"));
        assertThat(check(unnamed).page().orElseThrow().nodes()).containsExactly(URI.create("http://127.0.0.1:8545"));
        assertThat(check(Map.of("openledger.page.enabled", "false")).page()).isEmpty();
    }

    @Test
    void everyProblemIsToldAtOnce() {
        assertThatThrownBy(() -> check(Map.of(
                        "openledger.orphan-grace", "5m",
                        "openledger.providers[0].dialect", "morse",
                        "openledger.circuit.failure-percent", "0")))
                .hasMessageContaining("openledger.resends: ")
                .hasMessageContaining("openledger.providers[0].dialect: ")
                .hasMessageContaining("openledger.circuit: ");
    }

    @Test
    void aKeyThatDoesNotExistIsRefused() {
        assertThatThrownBy(() -> check(Map.of("openledger.limits.largest-bdy-bytes", "1")))
                .hasMessageContaining("openledger.limits.largest-bdy-bytes");
    }

    @Test
    void everyKeyIsDocumented() throws IOException {
        String documented = Files.readString(DOCUMENTED);
        List<String> missing = names(OpenLedgerConfig.class).stream()
                .filter(name -> !documented.contains(name + ":"))
                .toList();

        assertThat(missing).isEmpty();
    }

    /** What the documented file gives with other values for some keys. */
    public static CheckedConfiguration check(Map<String, String> changes) throws IOException {
        SmallRyeConfig config = new SmallRyeConfigBuilder()
                .addDefaultInterceptors()
                .withConverter(Duration.class, 200, new DurationConverter())
                .withSources(new YamlConfigSource(DOCUMENTED.toUri().toURL(), 100))
                .withSources(new PropertiesConfigSource(changes, "changes", 200))
                .withMapping(OpenLedgerConfig.class)
                .build();
        return CheckedConfiguration.of(config.getConfigMapping(OpenLedgerConfig.class), ENVIRONMENT::get);
    }

    /** The names of all keys below a mapping. */
    private static List<String> names(Class<?> mapping) {
        List<String> names = new ArrayList<>();
        for (Method key : mapping.getDeclaredMethods()) {
            WithName name = key.getAnnotation(WithName.class);
            names.add(name == null ? key.getName() : name.value());
            Type type = key.getGenericReturnType();
            Type inner = type instanceof ParameterizedType generic ? generic.getActualTypeArguments()[0] : type;
            if (inner instanceof Class<?> nested
                    && nested.isInterface()
                    && nested.getPackage() == OpenLedgerConfig.class.getPackage()) {
                names.addAll(names(nested));
            }
        }
        assertThat(OpenLedgerConfig.class).hasAnnotation(ConfigMapping.class);
        return names;
    }
}
