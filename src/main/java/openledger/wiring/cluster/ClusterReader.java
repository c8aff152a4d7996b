package openledger.wiring.cluster;

import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import openledger.cluster.ClusterSettings;
import openledger.cluster.HopSeal;
import openledger.wiring.StakeReader;
import openledger.wiring.config.AdminKeys;
import openledger.wiring.config.ConfigurationProblems;

/** Reads how the router takes part in a cluster. Reading blocks. */
public final class ClusterReader {
    private static final String KEY = "openledger.cluster";
    private static final String HOST = KEY + ".internal.host";
    private static final String TLS = KEY + ".internal.tls";
    private static final Pattern NAME = Pattern.compile("[A-Za-z0-9][A-Za-z0-9._-]{0,63}");
    /** A name, an IPv4 address or an IPv6 address. */
    private static final Pattern HOST_NAME = Pattern.compile("[A-Za-z0-9._-]{1,253}|(?=.*:.*:)[0-9A-Fa-f:.]{2,45}");

    private static final int LARGEST_PORT = 65_535;

    private final ConfigurationProblems problems;
    private final StakeReader.Secrets secrets;

    /**
     * A reader that notes what it finds wrong.
     *
     * @param secrets reads keys from where the configuration places them
     */
    public ClusterReader(ConfigurationProblems problems, StakeReader.Secrets secrets) {
        this.problems = problems;
        this.secrets = secrets;
    }

    /** Empty if there is no cluster, or something was wrong with it. */
    public Optional<ClusterSettings> read(AdminKeys.ClusterKeys keys) {
        if (!keys.enabled()) {
            return Optional.empty();
        }
        AdminKeys.InternalKeys internal = keys.internal();
        boolean isNamed = NAME.matcher(keys.name()).matches();
        if (!isNamed) {
            problems.add(KEY + ".name", "must be 1 to 64 letters, digits, dots, dashes or underscores");
        }
        Optional<String> host = host(internal.host());
        boolean isPort = internal.port() >= 1 && internal.port() <= LARGEST_PORT;
        if (!isPort) {
            problems.add(KEY + ".internal.port", "must be 1 to 65535: " + internal.port());
        }
        Optional<HopSeal> seal = isNamed ? seal(keys) : Optional.empty();
        Optional<ClusterSettings.Tls> tls = tls(internal.tls());
        if (host.isEmpty() || seal.isEmpty() || !isPort) {
            return Optional.empty();
        }
        return Optional.of(new ClusterSettings(keys.name(), host.get(), internal.port(), seal.get(), tls));
    }

    private Optional<String> host(Optional<String> said) {
        Optional<String> host = said.map(String::strip).filter(text -> !text.isEmpty());
        if (host.isEmpty()) {
            problems.absent(HOST, "is missing: the address at which the other routers reach this one");
        } else if (!HOST_NAME.matcher(host.get()).matches()) {
            problems.add(HOST, "is no name or address");
            return Optional.empty();
        } else if (host.get().equals("0.0.0.0") || host.get().matches("[0:]+")) {
            problems.add(HOST, "is an address that nobody can be reached at: " + host.get());
            return Optional.empty();
        }
        return host;
    }

    private Optional<HopSeal> seal(AdminKeys.ClusterKeys keys) {
        if (keys.keyEnv().isEmpty()) {
            problems.add(KEY + ".key-env", "is missing: the environment variable with the secret of the cluster");
            return Optional.empty();
        }
        return secrets.key(KEY + ".key", keys.keyEnv(), Optional.empty())
                .flatMap(secret -> problems.build(
                        KEY + ".key-env", () -> new HopSeal(secret.getBytes(StandardCharsets.UTF_8), keys.name())));
    }

    private Optional<ClusterSettings.Tls> tls(AdminKeys.TlsKeys keys) {
        long given = Stream.of(keys.certificate(), keys.key(), keys.authority())
                .filter(Optional::isPresent)
                .count();
        if (given == 0) {
            return Optional.empty();
        }
        if (given < 3) {
            problems.add(TLS, "set all of certificate, key and authority, or none");
            return Optional.empty();
        }
        boolean hasCertificate = isReadable("certificate", keys.certificate());
        boolean hasKey = isReadable("key", keys.key());
        boolean hasAuthority = isReadable("authority", keys.authority());
        boolean areThere = hasCertificate && hasKey && hasAuthority;
        return areThere
                ? Optional.of(new ClusterSettings.Tls(
                        keys.certificate().orElseThrow(),
                        keys.key().orElseThrow(),
                        keys.authority().orElseThrow()))
                : Optional.empty();
    }

    private boolean isReadable(String name, Optional<String> file) {
        boolean isThere = file.isPresent() && Files.isReadable(Path.of(file.get()));
        if (!isThere) {
            problems.add(TLS + "." + name, "the file " + file.orElse("") + " cannot be read");
        }
        return isThere;
    }
}
