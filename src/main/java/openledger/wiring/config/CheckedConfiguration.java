package openledger.wiring.config;

import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.function.Function;
import java.util.function.ToIntFunction;
import java.util.stream.Collectors;
import openledger.access.Caller;
import openledger.access.KeyDigest;
import openledger.access.KeyLimits;
import openledger.cluster.ClusterSettings;
import openledger.edge.ConnectionLimits;
import openledger.http.page.PageNodes;
import openledger.identity.TokenRules;
import openledger.inference.admission.ConfirmedDefaults;
import openledger.inference.confirmed.ConfirmedSettings;
import openledger.inference.fairness.TwinSettings;
import openledger.inference.resend.ResendSettings;
import openledger.provider.Credential;
import openledger.provider.Egress;
import openledger.provider.target.CircuitSettings;
import openledger.routing.Policy;
import openledger.routing.Route;
import openledger.routing.RoutingMode;
import openledger.store.journal.JournalSettings;
import openledger.telemetry.TelemetrySettings;
import openledger.unit.LaneId;
import openledger.unit.LaneNumbers;
import openledger.wiring.ArchiveProducers;
import openledger.wiring.ConnectionProducers;
import openledger.wiring.LogSettings;
import openledger.wiring.Producers;
import openledger.wiring.StakeReader;
import openledger.wiring.StakeReader.StakeSettings;
import openledger.wiring.cluster.ClusterReader;
import openledger.wiring.config.SettlementReader.SettlementSettings;
import openledger.wiring.lanes.LaneSettings;
import openledger.wiring.stream.StreamReader;
import openledger.wiring.stream.StreamSettings;
import openledger.wiring.warmup.WarmUpSettings;
import org.jspecify.annotations.Nullable;

/**
 * A configuration that has been found usable as a whole. Long because every group of keys is read from here.
 *
 * @param lanes those it may serve, and the one that all else here is for
 * @param bufferedBytes what bodies and answers may take together
 * @param confirmedDefaults empty if nothing is settled, so that nothing can be confirmed
 * @param stake empty if nothing is at stake
 * @param cluster empty if there are no other routers
 * @param stream empty if decisions are not streamed
 * @param page empty if there is to be no page
 */
public record CheckedConfiguration(
        LaneSettings lanes,
        Policy draft,
        Map<KeyDigest, Caller> callers,
        Optional<KeyDigest> adminKey,
        Optional<TokenRules> tokens,
        Map<String, String> providerKeys,
        Map<String, Egress> egress,
        CircuitSettings circuit,
        JournalSettings journal,
        ResendSettings resends,
        long bufferedBytes,
        ConfirmedSettings confirmed,
        Optional<ConfirmedDefaults> confirmedDefaults,
        Optional<SettlementSettings> settlement,
        Optional<StakeSettings> stake,
        Optional<ClusterSettings> cluster,
        LogSettings log,
        TelemetrySettings telemetry,
        TwinSettings twins,
        Optional<StreamSettings> stream,
        Optional<PageNodes> page,
        ConnectionLimits connections,
        WarmUpSettings warmUp) {
    private static final long SMALLEST_BODY = 1_024;
    private static final long LARGEST_BODY = 256L << 20;
    private static final Duration LONGEST_REQUEST = Duration.ofHours(1);
    private static final int SHORTEST_STALENESS = 5;
    private static final int MOST_IN_FLIGHT = 1_000_000;
    private static final int DEEPEST = 10_000;
    private static final int LARGEST_PORT = 65_535;
    private static final int MOST_DAYS = 3_650;

    /**
     * Checks everything.
     *
     * @throws ConfigurationProblem with every key that cannot be used, and why
     */
    public static CheckedConfiguration of(OpenLedgerConfig config, Function<String, @Nullable String> environment) {
        return of(config, environment, OptionalLong.empty());
    }

    /**
     * The same for a lane of the pool.
     *
     * @param served its number; the first of the pool if none is given
     */
    public static CheckedConfiguration of(
            OpenLedgerConfig config, Function<String, @Nullable String> environment, OptionalLong served) {
        ConfigurationProblems problems = new ConfigurationProblems();
        TenantReader secrets = new TenantReader(config, problems, environment);
        Map<KeyDigest, Caller> callers = secrets.callers();
        Optional<KeyDigest> adminKey = secrets.adminKey(callers);
        Optional<TokenRules> tokens = secrets.tokenRules();
        Map<String, String> providerKeys = secrets.providerKeys();
        Map<String, Egress> egress = new EgressReader(config, problems, environment).read();
        Optional<CircuitSettings> circuit =
                problems.build("openledger.circuit", () -> Producers.circuit(config.circuit()));
        Optional<LaneSettings> lanes = pool(config, problems)
                .map(pool -> new LaneSettings(
                        pool,
                        served.orElse(pool.first()),
                        new SettlementReader(problems, environment).read(pool, config.settlement())));
        Optional<SettlementSettings> settlement =
                lanes.flatMap(known -> Optional.ofNullable(known.settled().get(known.number())));
        Optional<StakeSettings> stake = new StakeReader(problems, new SecretReader(problems, environment)::key)
                .read(config.stake(), settlement);
        Optional<ClusterSettings> cluster =
                new ClusterReader(problems, new SecretReader(problems, environment)::key).read(config.cluster());
        LogSettings log = secrets.log(settlement);
        Optional<JournalSettings> journal = lanes.flatMap(known ->
                problems.build("openledger.journal", () -> Producers.journal(config, known.id(known.number()))));
        if (lanes.filter(known -> known.pool().isShared()).isPresent()
                && config.log().origin().isPresent()) {
            problems.add("openledger.log.origin", "each lane of openledger.lanes has a log of its own: leave it out");
        }
        if (config.admin().port().isPresent()) {
            int port = config.admin().port().getAsInt();
            if (port < 0 || port > LARGEST_PORT) {
                problems.add("openledger.admin.port", "must be 1 to 65535, or 0 for any free one: " + port);
            }
            if (config.admin().host().isBlank()) {
                problems.add("openledger.admin.host", "is missing");
            }
        }
        int body = config.limits().maxBodyBytes();
        if (body < SMALLEST_BODY || body > LARGEST_BODY) {
            problems.add("openledger.limits.max-body-bytes", "must be 1024 to 268435456: " + body);
        }
        int depth = config.limits().maxBodyDepth();
        int inFlight = config.limits().maxInFlight();
        if (inFlight < 1 || inFlight > MOST_IN_FLIGHT) {
            problems.add("openledger.limits.max-in-flight", "must be 1 to 1000000: " + inFlight);
        }
        long buffered = config.limits().maxBufferedBytes().orElseGet(CheckedConfiguration::halfOfTheHeap);
        if (config.limits().maxBufferedBytes().isPresent() && buffered < 2L * body) {
            problems.add(
                    "openledger.limits.max-buffered-bytes",
                    "must be at least twice max-body-bytes, because a tenant alone gets half of it: " + buffered);
        }
        if (depth < 1 || depth > DEEPEST) {
            problems.add("openledger.limits.max-body-depth", "must be 1 to 10000: " + depth);
        }
        Duration longest = config.limits().maxRequestTime();
        Optional<ResendSettings> resends = Optional.empty();
        if (longest.toSeconds() < 1 || longest.compareTo(LONGEST_REQUEST) > 0) {
            problems.add("openledger.limits.max-request-time", "must be 1 s to 1 h: " + longest);
        } else {
            resends = problems.build("openledger.resends", () -> Producers.resends(config));
        }
        int wrongKeys = config.keys().wrongKeysPerMinute();
        if (wrongKeys < 1 || wrongKeys > KeyLimits.LARGEST) {
            problems.add("openledger.keys.wrong-keys-per-minute", "must be 1 to 1000000: " + wrongKeys);
        }
        Duration staleness = config.keys().maxStaleness();
        if (staleness.toSeconds() < SHORTEST_STALENESS || staleness.toDays() > MOST_DAYS) {
            problems.add("openledger.keys.max-staleness", "must be 5 s to 3650 days: " + staleness);
        }
        days(problems, "openledger.retention.journal-days", config.retention().journalDays());
        days(problems, "openledger.retention.decision-days", config.retention().decisionDays());
        config.retention()
                .batchDays()
                .ifPresent(days -> batchDays(problems, days, config.log().archive()));
        problems.build("openledger.log.archive", () -> ArchiveProducers.archive(config.log(), environment));
        ConfirmedReader reader = new ConfirmedReader(config.confirmed(), problems);
        Optional<ConfirmedSettings> confirmed = reader.settings();
        Optional<ConfirmedDefaults> defaults =
                reader.defaults(config.settlement().profile(), ConfirmedReader.witnesses(config.log()));
        TelemetrySettings telemetry = new TelemetryReader(problems, environment)
                .read(lanes.map(LaneSettings::number).orElse(1L), config.telemetry());
        Optional<TwinSettings> twins = problems.build("openledger.twins", () -> Producers.twins(config.twins()));
        Optional<StreamSettings> stream = new StreamReader(problems, environment).read(config.stream());
        Optional<ConnectionLimits> connections =
                problems.build("openledger.limits", () -> ConnectionProducers.limits(config.limits()));
        Optional<WarmUpSettings> warmUp = problems.build(
                "openledger.warm-up",
                () -> new WarmUpSettings(
                        config.warmUp().requests(), config.warmUp().maxTime()));
        Optional<PageNodes> page = new PageReader(problems).read(config.page(), settlement);
        Policy draft = new PolicyReader(config, problems).read();
        return new CheckedConfiguration(
                lanes.orElseThrow(),
                draft,
                callers,
                adminKey,
                tokens,
                providerKeys,
                egress,
                circuit.orElseThrow(),
                journal.orElseThrow(),
                resends.orElseThrow(),
                buffered,
                confirmed.orElseThrow(),
                defaults.filter(known -> settlement.isPresent()),
                settlement,
                stake,
                cluster,
                log,
                telemetry,
                twins.orElseThrow(),
                stream,
                page,
                connections.orElseThrow(),
                warmUp.orElseThrow());
    }

    private static Optional<LaneNumbers> pool(OpenLedgerConfig config, ConfigurationProblems problems) {
        if (config.lanes().isEmpty()) {
            return problems.build(
                    "openledger.lane", () -> LaneNumbers.of(config.lane().orElse(1)));
        }
        if (config.lane().isPresent()) {
            problems.add("openledger.lanes", "set either lane or lanes");
            return Optional.empty();
        }
        return problems.build(
                "openledger.lanes", () -> LaneNumbers.parse(config.lanes().get()));
    }

    /** The other half is for what is made of bodies, and all else. */
    private static long halfOfTheHeap() {
        return Runtime.getRuntime().maxMemory() / 2;
    }

    private static void days(ConfigurationProblems problems, String key, int days) {
        if (days < 1 || days > MOST_DAYS) {
            problems.add(key, "must be 1 to 3650 days: " + days);
        }
    }

    /**
     * Looks whether a policy read later can follow this one without a restart.
     *
     * @throws ConfigurationProblem with the keys that cannot, and why
     */
    public void checkFollowed(CheckedConfiguration next) {
        ConfigurationProblems problems = new ConfigurationProblems();
        if (next.draft.routes().values().stream()
                .anyMatch(route -> route.modes().allows(RoutingMode.CONFIRMED))) {
            if (settlement.isEmpty()) {
                problems.add(
                        "openledger.settlement.rpc-urls", "needs a restart; until then no route can allow 'confirmed'");
            }
            // Points of retry grids are counted in epochs, and those of the running router have one length.
            if (!confirmed.epoch().equals(next.confirmed.epoch())) {
                problems.add(
                        "openledger.confirmed.epoch",
                        "needs a restart; until then it is " + confirmed.epoch().toMillis() + " ms");
            }
        }
        problems.check();
    }

    private static void batchDays(ConfigurationProblems problems, int days, Optional<String> archive) {
        String key = "openledger.retention.batch-days";
        days(problems, key, days);
        if (archive.isEmpty()) {
            problems.add(key, "needs openledger.log.archive, which has what is dropped");
        }
    }

    /** What providers are asked with, by their names. */
    public Map<String, Credential> credentials() {
        return credentials(providerKeys);
    }

    public static Map<String, Credential> credentials(Map<String, String> providerKeys) {
        return providerKeys.entrySet().stream()
                .collect(Collectors.toUnmodifiableMap(Map.Entry::getKey, entry -> new Credential(entry.getValue())));
    }

    /** Our lane: its number on the registry, or without settlement the number of this router. */
    public LaneId lane() {
        return journal.lane();
    }

    /** The policy with its numbers. */
    public Policy policy(ToIntFunction<Route> routeIds, ToIntFunction<String> targetIds) {
        return PolicyReader.numbered(draft, routeIds, targetIds);
    }
}
