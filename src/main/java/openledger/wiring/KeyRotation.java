package openledger.wiring;

import io.vertx.core.Vertx;
import jakarta.inject.Singleton;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import openledger.access.Caller;
import openledger.access.KeyDigest;
import openledger.access.ListedCallers;
import openledger.http.admin.AdminAccess;
import openledger.telemetry.Telemetry;
import openledger.wiring.config.ConfigurationProblem;
import openledger.wiring.config.ConfigurationProblems;
import openledger.wiring.config.OpenLedgerConfig;
import openledger.wiring.config.TelemetryReader;
import openledger.wiring.config.TenantReader;
import org.jboss.logging.Logger;

/**
 * Looks every 2 s at the files that hold keys. Once a changed one has stayed the same from one look to the next, so that none is read half
 * written, all of them are read again: new keys of tenants and of the administrator let in and the old ones no more, providers and the
 * collector of measures are asked with the new ones. A file that cannot be used is logged with its reason, and the keys stay. The lane's own
 * key is the exception: the registry knows its account, so another waits for a restart.
 */
@Singleton
final class KeyRotation {
    private static final Logger LOG = Logger.getLogger(KeyRotation.class);
    private static final long LOOK_EVERY_MILLIS = 2_000;
    private static final String LANE_KEY = "openledger.settlement.key-file";

    private final Vertx vertx;
    private final OpenLedgerConfig started;
    private final PolicyReloader policy;
    private final ListedCallers callers;
    private final AdminAccess admin;
    private final Telemetry telemetry;
    private Map<String, Version> used = Map.of();
    private Map<String, Version> seen = Map.of();

    KeyRotation(
            Vertx vertx,
            OpenLedgerConfig started,
            PolicyReloader policy,
            ListedCallers callers,
            AdminAccess admin,
            Telemetry telemetry) {
        this.vertx = vertx;
        this.started = started;
        this.policy = policy;
        this.callers = callers;
        this.admin = admin;
        this.telemetry = telemetry;
    }

    /** What changes when a file does, also if it is a link to another one; a file that is not there has one as well. */
    private record Version(String file, List<Object> attributes) {
        static Version of(String file) {
            try {
                BasicFileAttributes is = Files.readAttributes(Path.of(file), BasicFileAttributes.class);
                return new Version(file, List.of(is.lastModifiedTime(), is.size(), String.valueOf(is.fileKey())));
            } catch (IOException | InvalidPathException gone) {
                return new Version(file, List.of());
            }
        }
    }

    /** Looks from now on. */
    void watch() {
        vertx.setPeriodic(LOOK_EVERY_MILLIS, tick -> vertx.executeBlocking(this::look));
    }

    private synchronized boolean look() {
        Map<String, Version> now = new HashMap<>();
        files().forEach((key, file) -> now.put(key, Version.of(file)));
        if (now.equals(seen) && !now.equals(used)) {
            boolean first = used.isEmpty();
            boolean otherLaneKey =
                    !first && !Optional.ofNullable(now.get(LANE_KEY)).equals(Optional.ofNullable(used.get(LANE_KEY)));
            used = now;
            if (otherLaneKey) {
                LOG.warnf("a changed key needs a restart, key=%s", LANE_KEY);
            }
            renew();
        }
        seen = now;
        return true;
    }

    private Map<String, String> files() {
        Map<String, String> files = policy.keyFiles();
        for (int i = 0; i < started.tenants().size(); i++) {
            String key = "openledger.tenants[" + i + "].key-file";
            started.tenants().get(i).keyFile().ifPresent(file -> files.put(key, file));
        }
        started.admin().keyFile().ifPresent(file -> files.put("openledger.admin.key-file", file));
        started.settlement().keyFile().ifPresent(file -> files.put(LANE_KEY, file));
        started.telemetry()
                .push()
                .authorizationFile()
                .ifPresent(file -> files.put("openledger.telemetry.push.authorization-file", file));
        return files;
    }

    /** Each kind by itself: a file that cannot be used keeps no other from its change. */
    private void renew() {
        renewed("tenants", this::renewCallers);
        renewed("providers", policy::renewKeys);
        renewed("telemetry", this::renewHeaders);
    }

    private static void renewed(String what, java.util.function.BooleanSupplier step) {
        try {
            if (step.getAsBoolean()) {
                LOG.infof("keys were read again from files, of=%s", what);
            }
        } catch (ConfigurationProblem problem) {
            LOG.warnf(
                    "changed key files cannot be used and the old keys stay, of=%s problems=%s",
                    what, problem.problems());
        }
    }

    private boolean renewCallers() {
        ConfigurationProblems problems = new ConfigurationProblems();
        TenantReader reader = new TenantReader(started, problems, System.getenv()::get);
        Map<KeyDigest, Caller> next = reader.callers();
        Optional<KeyDigest> nextAdmin = reader.adminKey(next);
        problems.check();
        boolean otherCallers = callers.replace(next);
        return admin.replace(nextAdmin) || otherCallers;
    }

    private boolean renewHeaders() {
        ConfigurationProblems problems = new ConfigurationProblems();
        Map<String, String> next = new TelemetryReader(problems, System.getenv()::get)
                .headers(started.telemetry().push());
        problems.check();
        return telemetry.renewHeaders(next);
    }
}
