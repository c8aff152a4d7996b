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
 * The keys under {@code openledger}. The sentences are those of {@code docs/reference/configuration.md}, which is made from
 * them; {@code deploy/openledger.yaml} has an example of each. Long because every group of keys that is nobody else's is here.
 */
@ConfigMapping(prefix = "openledger")
public interface OpenLedgerConfig {
    /**
     * The number of this router, 1 or more. No two running routers on one database may have the same. With settlement
     * the number of its lane follows from it and from the account that opens the lane; without, it is this one. Left
     * out: 1, unless {@code lanes} is set.
     */
    OptionalLong lane();

    /**
     * The numbers that the routers of one database share, in place of {@code lane}: up to 256, such as {@code 1-16}.
     * At its start a router takes one that no other holds. Twice as many as routers are enough.
     */
    Optional<String> lanes();

    /**
     * How long a call may go on after its client has disconnected, if the client sent an {@code Idempotency-Key}: 0 to
     * 60 s.
     */
    @WithName("orphan-grace")
    @WithDefault("5s")
    Duration orphanGrace();

    List<TenantKeys> tenants();

    KeyKeys keys();

    AdminKeys admin();

    AdminKeys.ClusterKeys cluster();

    OidcKeys oidc();

    List<ProviderKeys> providers();

    List<RouteKeys> routes();

    ConfirmedKeys confirmed();

    LimitKeys.ResendKeys resends();

    LimitKeys limits();

    JournalKeys journal();

    @WithName("warm-up")
    LimitKeys.WarmUpKeys warmUp();

    RetentionKeys retention();

    CircuitKeys circuit();

    SettlementKeys settlement();

    SettlementKeys.StakeKeys stake();

    LogKeys log();

    TelemetryKeys telemetry();

    TelemetryKeys.TwinKeys twins();

    TelemetryKeys.StreamKeys stream();

    PageKeys page();

    /**
     * The API keys of the configuration. One tenant may have several entries, with a key each. An entry has one of
     * {@code key-env}, {@code key-file} and {@code key-sha256}. Keys can also be created with {@code openledger keys}
     * or the admin API.
     */
    interface TenantKeys {
        /** The tenant: 1 to 64 letters, digits, dots, dashes or underscores, the first of them a letter or a digit. */
        String name();

        /** The SHA-256 of the key, as 64 hexadecimal digits. */
        @WithName("key-sha256")
        Optional<String> keySha256();

        /** The name of the environment variable that holds the key, which has at least 16 characters. */
        @WithName("key-env")
        Optional<String> keyEnv();

        /** The path of a file that holds the key and nothing else. A changed file takes effect within 2 s. */
        @WithName("key-file")
        Optional<String> keyFile();

        /**
         * The maximum number of requests a minute with this key on this router, or on all routers of a cluster: 1 to 1,000,000. Left
         * out: no limit.
         */
        @WithName("requests-per-minute")
        OptionalInt requestsPerMinute();

        /**
         * The maximum number of requests in progress with this key on this router, or on all routers of a cluster: 1 to 1,000,000.
         * Left out: no limit.
         */
        @WithName("concurrent-requests")
        OptionalInt concurrentRequests();

        /**
         * The maximum number of tokens a minute with this key on this router, or on all routers of a cluster, of requests and answers
         * together: 1 to 100,000,000. A request is admitted by an estimate, and what it has used counts afterwards. Left out: no limit.
         */
        @WithName("tokens-per-minute")
        OptionalInt tokensPerMinute();

        /**
         * The mode of requests that do not name one, on routes that allow it: {@code fast} or {@code confirmed}. Left
         * out, or not allowed: the default mode of the route.
         */
        @WithName("default-mode")
        Optional<String> defaultMode();
    }

    /** Rules for all API keys. */
    interface KeyKeys {
        /**
         * The maximum number of requests with a wrong key a minute that are answered 401, 1 to 1,000,000. Further ones
         * are answered 429. Requests with a valid key are never slowed.
         */
        @WithName("wrong-keys-per-minute")
        @WithDefault("300")
        int wrongKeysPerMinute();

        /**
         * How long keys of the database stay valid while the database cannot be reached: 5 s to 3,650 days. After that
         * they are refused, because they might have been revoked. Keys of the configuration stay
         * valid.
         */
        @WithName("max-staleness")
        @WithDefault("5m")
        Duration maxStaleness();
    }

    /**
     * Tokens of an OpenID Connect provider, accepted in place of API keys. The provider is configured under {@code
     * quarkus.oidc}.
     */
    interface OidcKeys {
        /** Whether tokens are accepted. */
        @WithDefault("false")
        boolean enabled();

        /** The claim of a token that names the tenant. */
        @WithName("tenant-claim")
        @WithDefault("sub")
        String tenantClaim();

        /** A regular expression that the whole name of the tenant must match. Required if tokens are accepted. */
        @WithName("allowed-tenants")
        Optional<String> allowedTenants();

        /**
         * The maximum number of requests a minute with all tokens of a tenant together on this router, or on all routers of a cluster:
         * 1 to 1,000,000. Left out: no limit.
         */
        @WithName("requests-per-minute")
        OptionalInt requestsPerMinute();

        /**
         * The maximum number of requests in progress with all tokens of a tenant together on this router, or on all routers of a
         * cluster: 1 to 1,000,000. Left out: no limit.
         */
        @WithName("concurrent-requests")
        OptionalInt concurrentRequests();

        /**
         * The maximum number of tokens of requests and answers a minute with all tokens of a tenant together, on this router or on all
         * routers of a cluster: 1 to 100,000,000. Left out: no limit.
         */
        @WithName("tokens-per-minute")
        OptionalInt tokensPerMinute();
    }

    /** The mode {@code confirmed}. Requests can choose another gate, level, wait and outcome for themselves. */
    interface ConfirmedKeys {
        /** The time between two allocations of slots: whole milliseconds, 10 ms to 10 s. */
        @WithDefault("100ms")
        Duration epoch();

        /**
         * What waits for the confirmation: {@code response} calls the provider at once and withholds the answer; {@code
         * dispatch} calls no provider before.
         */
        @WithDefault("response")
        String gate();

        /**
         * The level that the plan must reach: {@code SEQUENCED}; or {@code PRECONFIRMED} with the profile {@code
         * flashblocks}; or {@code WITNESSED}, cosigned by a quorum of {@code openledger.log.witnesses}, which does not wait
         * for the chain. Left out: the earliest level of the profile.
         */
        Optional<String> level();

        /**
         * The maximum wait for the confirmation, counted from the plan: 1 ms to 10 s. Left out: the time of three
         * blocks, and at least 2 s; 2 s for {@code WITNESSED}.
         */
        @WithName("max-wait")
        Optional<Duration> maxWait();

        /**
         * The outcome of a wait without a confirmation: {@code fail} refuses the answer; {@code release} returns it,
         * and its record states that it was not confirmed.
         */
        @WithName("on-unconfirmed")
        @WithDefault("fail")
        String onUnconfirmed();

        /**
         * The maximum number of confirmed requests that wait for a slot, 1 to 1,000,000. Further ones are answered 503
         * with {@code Retry-After}. A tenant gets a place only while it has fewer than are free, so a single tenant
         * gets half of them.
         */
        @WithName("max-held")
        @WithDefault("2000")
        int maxHeld();
    }

    /** The journal of decisions. Answers wait until the intent of their request is durable. */
    interface JournalKeys {
        /**
         * The maximum size of records that wait to be written, in bytes, 65,536 or more. Beyond it, new requests are
         * answered 503, and so are those of a tenant that has as much of it as is left free.
         */
        @WithName("max-pending-bytes")
        @WithDefault("67108864")
        int maxPendingBytes();

        /**
         * The maximum time that an answer waits for the journal, 100 ms or more. After it the answer is withheld, with
         * 503.
         */
        @WithName("max-wait")
        @WithDefault("10s")
        Duration maxWait();

        /** The maximum time until a record is written for which no answer waits, 1 ms or more. */
        @WithName("flush-interval")
        @WithDefault("5ms")
        Duration flushInterval();
    }

    /** How long records are kept. */
    interface RetentionKeys {
        /** Days after which the journal's records are deleted, 1 to 3,650. */
        @WithName("journal-days")
        @WithDefault("7")
        int journalDays();

        /** Days after which decisions are deleted, 1 to 3,650. */
        @WithName("decision-days")
        @WithDefault("30")
        int decisionDays();

        /**
         * Days after which leaves, records and snapshots of final batches are dropped from the database, 1 to 3,650, provided that {@code
         * log.archive} returns all of them at that moment. Receipts and downloads are served from there. Left out: they are kept for ever.
         */
        @WithName("batch-days")
        OptionalInt batchDays();
    }

    /**
     * The circuit breaker of each target. It opens when the share of failures among the last calls is reached. One
     * tenant's failures alone cannot open it for others.
     */
    interface CircuitKeys {
        /** The number of last calls that are considered, 1 or more. */
        @WithName("request-volume")
        @WithDefault("20")
        int requestVolume();

        /** The share of failures that opens the circuit, 1 to 100. */
        @WithName("failure-percent")
        @WithDefault("50")
        int failurePercent();

        /** The time until a single call is tried again. */
        @WithDefault("5s")
        Duration delay();

        /**
         * The maximum time for which a provider's {@code Retry-After} closes its target, 1 ms to 1 h. After it a single
         * call is tried.
         */
        @WithName("max-retry-after")
        @WithDefault("60s")
        Duration maxRetryAfter();
    }

    /**
     * The log of the lane at {@code /log/<lane>}, as C2SP tlog-tiles has it, and receipts that verifiers of logs can read. Without {@code
     * key-env} there is neither.
     */
    interface LogKeys {
        /**
         * The name of the environment variable that holds the secret that signs the log: an Ed25519 seed, 64 hexadecimal digits. The start
         * logs the public key that belongs to it.
         */
        @WithName("key-env")
        Optional<String> keyEnv();

        /**
         * The name of the log, which is signed and must never change: a host and a path at which the log can be read, without {@code
         * https://}. Left out: {@code eip155-<chain>.<registry>/openledger/lane/<lane>}, because the chain, the registry and the lane stay,
         * and the host of a router may not.
         */
        Optional<String> origin();

        /**
         * Whether everybody may read the log without an API key. Its leaves have no prompt, answer, key or name in them, but the load, the
         * routes by number and a bucket of each request's tenant.
         */
        @WithName("public")
        @WithDefault("false")
        boolean isPublic();

        /**
         * The witnesses that are asked to cosign the log (C2SP tlog-witness), up to 15. None has to answer for a request to be served or
         * settled, unless it is to be confirmed at the level {@code WITNESSED}.
         */
        List<WitnessKeys> witnesses();

        /**
         * The number of witnesses whose cosignatures make a checkpoint witnessed, 1 to all of them. Left out: more than half of them,
         * because two forks of the log cannot both have that unless a witness signs both, and because some may be away.
         */
        OptionalInt quorum();

        /** The maximum time for a request to a witness, its answer included, 100 ms to 60 s. */
        @WithName("witness-timeout")
        @WithDefault("5s")
        Duration witnessTimeout();

        /**
         * Where {@code openledger log export} copies the log to, and where the router reads what {@code retention.batch-days} has dropped: a
         * folder, or {@code s3://bucket/prefix} with keys in the environment variables {@code AWS_ACCESS_KEY_ID} and {@code
         * AWS_SECRET_ACCESS_KEY}. Left out: nowhere.
         */
        Optional<String> archive();

        /**
         * The address of a service with the API of S3 that has the bucket of {@code archive}, such as {@code https://minio.example:9000}.
         * Left out: AWS.
         */
        @WithName("archive-endpoint")
        Optional<String> archiveEndpoint();

        /** The region of that bucket. Left out: {@code us-east-1}. */
        @WithName("archive-region")
        Optional<String> archiveRegion();
    }

    /** A witness of the log, one entry for each. */
    interface WitnessKeys {
        /**
         * The address that {@code /add-checkpoint} is put behind. It begins with {@code https://} or {@code http://}: answers are signed,
         * and what is sent is public.
         */
        String url();

        /** The verifier key of the witness, {@code <name>+<id>+<key>}, of the kind for cosignatures. Get it from whoever runs the witness. */
        String key();
    }

    /** The page at {@code /} for browsers. */
    interface PageKeys {
        /** Whether the router serves the page. */
        @WithDefault("true")
        boolean enabled();

        /**
         * The nodes of the chain that browsers may query to verify a receipt. The page shows them to everybody, so no
         * address may contain a secret. Left out: the nodes of {@code settlement.rpc-urls} on this machine.
         */
        @WithName("rpc-urls")
        Optional<List<String>> rpcUrls();
    }
}
