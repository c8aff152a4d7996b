package openledger.wiring;

import io.smallrye.mutiny.Uni;
import io.vertx.core.Vertx;
import java.io.IOException;
import java.time.Duration;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import openledger.commitment.evm.Keccak256;
import openledger.inference.CurrentPolicy;
import openledger.inference.InferenceService;
import openledger.inference.PolicyReload;
import openledger.inference.policy.PolicySteps;
import openledger.provider.Credential;
import openledger.provider.Egress;
import openledger.provider.HttpProviderGateway;
import openledger.routing.CanonicalPolicy;
import openledger.routing.Policy;
import openledger.store.catalog.StoredCatalog;
import openledger.store.lane.LaneHold;
import openledger.wiring.config.CheckedConfiguration;
import openledger.wiring.config.ConfigurationFile;
import openledger.wiring.config.ConfigurationProblem;
import openledger.wiring.config.ConfigurationProblems;
import openledger.wiring.config.EgressReader;
import openledger.wiring.config.OpenLedgerConfig;
import openledger.wiring.config.TenantReader;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/**
 * Puts providers and routes of a changed file into force, when told to or when the file changes. What cannot be used as a
 * whole is refused as a whole. All other keys wait for a restart. Other routers are told by the lane which policy it is; what one of them
 * sends is checked, and kept until it says that all can use it. Thread-safe.
 *
 * <p>Long because a policy comes into force in one place, wherever it comes from.
 */
final class PolicyReloader implements PolicyReload, PolicySteps {
    private static final Logger LOG = Logger.getLogger(PolicyReloader.class);
    private static final long LOOK_EVERY_MILLIS = 2_000;
    private static final Duration LONGEST_KEPT = Duration.ofSeconds(KEPT_SECONDS);

    private final Vertx vertx;
    private final Optional<ConfigurationFile> file;
    private final CheckedConfiguration running;
    private final StoredCatalog catalog;
    private final HttpProviderGateway gateway;
    private final CurrentPolicy current;
    private final InferenceService service;
    private final LaneHold lane;
    private OpenLedgerConfig inForce;
    private ConfigurationFile.@Nullable Version seen;
    private @Nullable Kept kept;

    PolicyReloader(
            Vertx vertx,
            Optional<ConfigurationFile> file,
            OpenLedgerConfig started,
            CheckedConfiguration running,
            StoredCatalog catalog,
            HttpProviderGateway gateway,
            CurrentPolicy current,
            InferenceService service,
            LaneHold lane) {
        this.vertx = vertx;
        this.file = file;
        this.inForce = started;
        this.running = running;
        this.catalog = catalog;
        this.gateway = gateway;
        this.current = current;
        this.service = service;
        this.lane = lane;
        lane.policy(digest(current.get()));
    }

    /** Looks at the file every 2 s from now on. */
    void watch() {
        file.ifPresent(known -> {
            look(known);
            vertx.setPeriodic(LOOK_EVERY_MILLIS, tick -> vertx.executeBlocking(() -> look(known)));
        });
    }

    private synchronized boolean look(ConfigurationFile known) {
        try {
            ConfigurationFile.Version now = known.version();
            boolean changed = seen != null && !seen.equals(now);
            seen = now;
            if (changed) {
                read(known);
            }
        } catch (IOException gone) {
            LOG.warnf("configuration file cannot be read, file=%s reason=%s", known, gone.getMessage());
        }
        return true;
    }

    @Override
    public Uni<Outcome> reload() {
        if (file.isEmpty()) {
            return Uni.createFrom().item(new Outcome.NoSource());
        }
        return onWorker(() -> read(file.get()));
    }

    private synchronized Outcome read(ConfigurationFile known) {
        try {
            OpenLedgerConfig config = known.read();
            Outcome.InForce outcome = putIntoForce(CheckedConfiguration.of(config, System.getenv()::get));
            inForce = config;
            LOG.infof("policy in force, hash=%s before=%s", outcome.hash(), outcome.before());
            return outcome;
        } catch (ConfigurationProblem problem) {
            return unusable(problem.problems());
        } catch (IOException | RuntimeException e) {
            return unusable(List.of(String.valueOf(e.getMessage())));
        }
    }

    /**
     * A text that was checked and is not in force.
     *
     * @param from who has sent it
     * @param nanos when
     */
    private record Kept(String from, String hash, OpenLedgerConfig config, CheckedConfiguration checked, long nanos) {
        boolean isOld() {
            return System.nanoTime() - nanos > LONGEST_KEPT.toNanos();
        }
    }

    @Override
    public Uni<Optional<Text>> own() {
        return onWorker(() -> file.flatMap(this::offer));
    }

    /** What all are asked to follow is not followed alone if one of them refuses: the watch waits for the next change. */
    private synchronized Optional<Text> offer(ConfigurationFile known) {
        try {
            ConfigurationFile.Version version = known.version();
            Text text = new Text(known.text(MOST_BYTES), known.isProperties());
            if (!version.equals(known.version())) {
                throw new IOException("it is being written");
            }
            seen = version;
            return Optional.of(text);
        } catch (IOException e) {
            LOG.warnf("configuration file cannot be read, file=%s reason=%s", known, e.getMessage());
            return Optional.empty();
        }
    }

    @Override
    public String inForce() {
        return hash(current.get());
    }

    @Override
    public Uni<Check> check(String from, Text text) {
        return onWorker(() -> checked(from, text));
    }

    private synchronized Check checked(String from, Text text) {
        Kept before = kept;
        if (before != null && !before.from.equals(from) && !before.isOld()) {
            return new Check.Unusable(List.of("it checks a reload of all by another router; send it again in "
                    + KEPT_SECONDS + " s at the latest"));
        }
        try {
            OpenLedgerConfig config = ConfigurationFile.read(text.text(), text.isProperties());
            CheckedConfiguration checked = CheckedConfiguration.of(config, System.getenv()::get);
            running.checkFollowed(checked);
            // Numbers are not in its text.
            String hash = hash(checked.policy(route -> 0, target -> 0));
            kept = new Kept(from, hash, config, checked, System.nanoTime());
            return new Check.Usable(hash);
        } catch (ConfigurationProblem problem) {
            return new Check.Unusable(problem.problems());
        } catch (IOException | RuntimeException e) {
            return new Check.Unusable(List.of(String.valueOf(e.getMessage())));
        }
    }

    @Override
    public Uni<Outcome> apply(String from, String hash) {
        return onWorker(() -> applied(from, hash));
    }

    private synchronized Outcome applied(String from, String hash) {
        Kept checked = kept;
        if (checked == null || checked.isOld() || !checked.from.equals(from) || !checked.hash.equals(hash)) {
            return new Outcome.NoSource();
        }
        kept = null;
        try {
            Outcome.InForce outcome = putIntoForce(checked.checked);
            inForce = checked.config;
            LOG.infof("policy of all in force, hash=%s before=%s from=%s", outcome.hash(), outcome.before(), from);
            return outcome;
        } catch (ConfigurationProblem problem) {
            return unusable(problem.problems());
        } catch (RuntimeException e) {
            return unusable(List.of(String.valueOf(e.getMessage())));
        }
    }

    @Override
    public Uni<Void> drop(String from) {
        return onWorker(() -> dropped(from));
    }

    private synchronized @Nullable Void dropped(String from) {
        Kept checked = kept;
        if (checked != null && checked.from.equals(from)) {
            kept = null;
        }
        return null;
    }

    private <T> Uni<T> onWorker(Callable<T> what) {
        return Uni.createFrom()
                .completionStage(() -> vertx.executeBlocking(what).toCompletionStage());
    }

    /** The files of keys that the providers in force are asked with, by the keys that name them. */
    synchronized Map<String, String> keyFiles() {
        Map<String, String> files = new HashMap<>();
        for (int i = 0; i < inForce.providers().size(); i++) {
            String key = "openledger.providers[" + i + "].api-key-file";
            inForce.providers().get(i).apiKeyFile().ifPresent(file -> files.put(key, file));
            String proxy = "openledger.providers[" + i + "].proxy-password-file";
            inForce.providers().get(i).proxyPasswordFile().ifPresent(file -> files.put(proxy, file));
            String authorities = "openledger.providers[" + i + "].ca";
            inForce.providers().get(i).ca().ifPresent(file -> files.put(authorities, file));
        }
        return files;
    }

    /**
     * Reads those keys again and asks with them from now on; calls under way go on with the old ones.
     *
     * @return false if they are the same
     * @throws ConfigurationProblem with the keys that cannot be used; then nothing has changed
     */
    synchronized boolean renewKeys() {
        ConfigurationProblems problems = new ConfigurationProblems();
        Map<String, String> keys = new TenantReader(inForce, problems, System.getenv()::get).providerKeys();
        Map<String, Egress> egress = new EgressReader(inForce, problems, System.getenv()::get).read();
        problems.check();
        Map<String, Credential> next = CheckedConfiguration.credentials(keys);
        return gateway.renew(current.get(), next, egress);
    }

    private static Outcome unusable(List<String> problems) {
        LOG.warnf("policy refused, the old one stays, problems=%s", problems);
        return new Outcome.Unusable(problems);
    }

    private Outcome.InForce putIntoForce(CheckedConfiguration checked) {
        running.checkFollowed(checked);
        String before = hash(current.get());
        Policy next = PolicyRegistration.register(checked, catalog);
        // The gateway first: whoever is admitted under the new policy must find its targets.
        gateway.learn(next, checked.credentials(), checked.egress());
        current.replace(next);
        service.keepTrafficOf(next);
        lane.policy(digest(next));
        return new Outcome.InForce(hash(next), before);
    }

    private static String hash(Policy policy) {
        return "0x" + HexFormat.of().formatHex(digest(policy));
    }

    private static byte[] digest(Policy policy) {
        return Keccak256.digest(CanonicalPolicy.of(policy));
    }
}
