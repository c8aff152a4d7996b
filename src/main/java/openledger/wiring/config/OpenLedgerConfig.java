package openledger.wiring.config;

import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;
import io.smallrye.config.WithName;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;

/**
 * The keys under {@code openledger}; {@code deploy/openledger.yaml} documents each with an example. Long because every key
 * is here and nowhere else.
 */
@ConfigMapping(prefix = "openledger")
public interface OpenLedgerConfig {
    @WithDefault("1")
    long lane();

    @WithName("orphan-grace")
    @WithDefault("5s")
    Duration orphanGrace();

    List<TenantKeys> tenants();

    KeyKeys keys();

    AdminKeys admin();

    OidcKeys oidc();

    List<ProviderKeys> providers();

    List<RouteKeys> routes();

    ConfirmedKeys confirmed();

    ResendKeys resends();

    LimitKeys limits();

    JournalKeys journal();

    RetentionKeys retention();

    CircuitKeys circuit();

    SettlementKeys settlement();

    TelemetryKeys telemetry();

    TelemetryKeys.TwinKeys twins();

    PageKeys page();

    interface TenantKeys {
        String name();

        @WithName("key-sha256")
        Optional<String> keySha256();

        @WithName("key-env")
        Optional<String> keyEnv();

        @WithName("key-file")
        Optional<String> keyFile();

        @WithName("requests-per-minute")
        OptionalInt requestsPerMinute();

        @WithName("concurrent-requests")
        OptionalInt concurrentRequests();

        @WithName("default-mode")
        Optional<String> defaultMode();
    }

    interface KeyKeys {
        @WithName("wrong-keys-per-minute")
        @WithDefault("300")
        int wrongKeysPerMinute();

        @WithName("max-staleness")
        @WithDefault("5m")
        Duration maxStaleness();
    }

    interface OidcKeys {
        @WithDefault("false")
        boolean enabled();

        @WithName("tenant-claim")
        @WithDefault("sub")
        String tenantClaim();

        @WithName("allowed-tenants")
        Optional<String> allowedTenants();

        @WithName("requests-per-minute")
        OptionalInt requestsPerMinute();

        @WithName("concurrent-requests")
        OptionalInt concurrentRequests();
    }

    interface ProviderKeys {
        String name();

        @WithDefault("openai")
        String dialect();

        Optional<List<String>> speaks();

        @WithName("base-url")
        String baseUrl();

        @WithName("api-key-env")
        Optional<String> apiKeyEnv();

        @WithName("api-key-file")
        Optional<String> apiKeyFile();

        Optional<String> proxy();

        @WithName("proxy-user")
        Optional<String> proxyUser();

        @WithName("proxy-password-env")
        Optional<String> proxyPasswordEnv();

        @WithName("proxy-password-file")
        Optional<String> proxyPasswordFile();

        Optional<String> ca();

        @WithName("ask-usage")
        @WithDefault("true")
        boolean askUsage();

        TimeoutKeys timeouts();
    }

    interface TimeoutKeys {
        @WithDefault("2s")
        Duration connect();

        @WithName("first-token")
        @WithDefault("30s")
        Duration firstToken();

        @WithName("first-content")
        Optional<Duration> firstContent();

        @WithDefault("30s")
        Duration idle();

        @WithDefault("10m")
        Duration total();
    }

    interface RouteKeys {
        String name();

        List<TierKeys> tiers();

        BackoffKeys backoff();

        Optional<List<String>> modes();

        @WithName("default-mode")
        Optional<String> defaultMode();

        @WithName("retry-grid")
        Optional<Duration> retryGrid();

        @WithName("hedge-after")
        Optional<Duration> hedgeAfter();

        Optional<Duration> deadline();

        @WithDefault("none")
        String affinity();

        @WithName("storm-guard")
        StormKeys stormGuard();
    }

    interface TierKeys {
        String name();

        int attempts();

        List<TargetKeys> targets();
    }

    interface TargetKeys {
        String provider();

        String model();

        @WithDefault("1")
        int weight();

        SlotKeys slots();
    }

    interface SlotKeys {
        @WithDefault("4")
        int min();

        @WithDefault("32")
        int initial();

        @WithDefault("256")
        int max();
    }

    interface BackoffKeys {
        @WithDefault("120ms")
        Duration base();

        @WithDefault("720ms")
        Duration cap();
    }

    interface StormKeys {
        @WithName("ratio-percent")
        @WithDefault("20")
        int ratioPercent();

        @WithName("reserve-per-second")
        @WithDefault("10")
        int reservePerSecond();

        @WithDefault("10s")
        Duration window();
    }

    interface ConfirmedKeys {
        @WithDefault("100ms")
        Duration epoch();

        @WithDefault("response")
        String gate();

        Optional<String> level();

        @WithName("max-wait")
        Optional<Duration> maxWait();

        @WithName("on-unconfirmed")
        @WithDefault("fail")
        String onUnconfirmed();

        @WithName("max-held")
        @WithDefault("2000")
        int maxHeld();
    }

    interface ResendKeys {
        @WithDefault("60s")
        Duration window();

        @WithName("max-answer-bytes")
        @WithDefault("1048576")
        int maxAnswerBytes();

        @WithName("kept-bytes")
        @WithDefault("67108864")
        long keptBytes();

        @WithName("max-ledgers")
        @WithDefault("20000")
        int maxLedgers();
    }

    interface JournalKeys {
        @WithName("max-pending-bytes")
        @WithDefault("67108864")
        int maxPendingBytes();

        @WithName("max-wait")
        @WithDefault("10s")
        Duration maxWait();

        @WithName("flush-interval")
        @WithDefault("5ms")
        Duration flushInterval();
    }

    interface RetentionKeys {
        @WithName("journal-days")
        @WithDefault("7")
        int journalDays();

        @WithName("decision-days")
        @WithDefault("30")
        int decisionDays();
    }

    interface CircuitKeys {
        @WithName("request-volume")
        @WithDefault("20")
        int requestVolume();

        @WithName("failure-percent")
        @WithDefault("50")
        int failurePercent();

        @WithDefault("5s")
        Duration delay();

        @WithName("max-retry-after")
        @WithDefault("60s")
        Duration maxRetryAfter();
    }

    interface PageKeys {
        @WithDefault("true")
        boolean enabled();

        @WithName("rpc-urls")
        Optional<List<String>> rpcUrls();
    }

    interface SettlementKeys {
        @WithName("rpc-urls")
        Optional<List<String>> rpcUrls();

        @WithName("web-socket-url")
        Optional<String> webSocketUrl();

        @WithName("chain-id")
        OptionalLong chainId();

        Optional<String> registry();

        @WithName("key-env")
        Optional<String> keyEnv();

        @WithName("key-file")
        Optional<String> keyFile();

        @WithDefault("standard")
        ChainProfile profile();

        @WithName("post-leaves")
        @WithDefault("false")
        boolean postLeaves();

        @WithName("max-wait")
        @WithDefault("30s")
        Duration maxWait();

        @WithName("batches-in-flight")
        @WithDefault("8")
        int batchesInFlight();

        @WithName("max-gwei")
        @WithDefault("100")
        int maxGwei();

        @WithName("challenge-window")
        @WithDefault("168h")
        Duration challengeWindow();

        @WithName("anchor-within")
        @WithDefault("10m")
        Duration anchorWithin();

        @WithName("warn-leaves")
        @WithDefault("100000")
        long warnLeaves();

        @WithName("warn-age")
        @WithDefault("10m")
        Duration warnAge();
    }
}
