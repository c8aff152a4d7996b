package openledger.wiring.config;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import openledger.provider.Egress;
import openledger.provider.Egress.Proxy;
import org.jspecify.annotations.Nullable;

/** Reads how providers are reached: proxies and certificates. Blocks. */
public final class EgressReader {
    private static final int LARGEST_FILE = 1 << 20;

    private final OpenLedgerConfig config;
    private final ConfigurationProblems problems;
    private final SecretReader secrets;

    public EgressReader(
            OpenLedgerConfig config, ConfigurationProblems problems, Function<String, @Nullable String> environment) {
        this.config = config;
        this.problems = problems;
        this.secrets = new SecretReader(problems, environment);
    }

    /** By the names of those providers that are not reached straight. */
    public Map<String, Egress> read() {
        Map<String, Egress> ways = new HashMap<>();
        for (int i = 0; i < config.providers().size(); i++) {
            String key = "openledger.providers[" + i + "]";
            var keys = config.providers().get(i);
            Egress way = new Egress(proxy(key, keys), keys.ca().flatMap(file -> authorities(key + ".ca", file)));
            if (!way.equals(Egress.DIRECT)) {
                ways.put(keys.name(), way);
            }
        }
        return Map.copyOf(ways);
    }

    private Optional<Proxy> proxy(String key, ProviderKeys keys) {
        Optional<String> password =
                secrets.key(key + ".proxy-password", keys.proxyPasswordEnv(), keys.proxyPasswordFile());
        boolean hasPassword =
                keys.proxyPasswordEnv().isPresent() || keys.proxyPasswordFile().isPresent();
        if (keys.proxy().isEmpty()) {
            if (keys.proxyUser().isPresent() || hasPassword) {
                problems.add(key + ".proxy", "is missing, but a user or a password is set for it");
            }
            return Optional.empty();
        }
        if (keys.proxyUser().isPresent() != hasPassword) {
            problems.add(key + ".proxy-user", "set both user and password, or neither");
            return Optional.empty();
        }
        return problems.build(
                key + ".proxy", () -> proxy(keys.proxy().get(), keys.proxyUser().orElse(""), password.orElse("")));
    }

    private static Proxy proxy(String text, String user, String password) {
        String form = "must be http://host:port, without user, path or query";
        URI address;
        try {
            address = URI.create(text);
        } catch (IllegalArgumentException e) {
            // Its own reason would repeat the text, and a password in it.
            throw new IllegalArgumentException(form, e);
        }
        boolean bare =
                address.getRawPath() == null || address.getRawPath().isEmpty() || "/".equals(address.getRawPath());
        if (!"http".equals(address.getScheme())
                || address.getHost() == null
                || address.getPort() < 1
                || address.getRawUserInfo() != null
                || address.getRawQuery() != null
                || !bare) {
            throw new IllegalArgumentException(form);
        }
        return new Proxy(address.getHost(), address.getPort(), user, password);
    }

    private Optional<String> authorities(String key, String name) {
        try {
            Path file = Path.of(name);
            if (!Files.exists(file)) {
                throw new NoSuchFileException(name);
            }
            if (!Files.isRegularFile(file) || Files.size(file) > LARGEST_FILE) {
                return refuse(key, name, "is not a file of at most 1 MiB");
            }
            byte[] pem = Files.readAllBytes(file);
            int count = CertificateFactory.getInstance("X.509")
                    .generateCertificates(new ByteArrayInputStream(pem))
                    .size();
            String text = new String(pem, StandardCharsets.US_ASCII);
            return count > 0 && text.contains("-----BEGIN CERTIFICATE-----")
                    ? Optional.of(text)
                    : refuse(key, name, "has no certificate in PEM");
        } catch (NoSuchFileException missing) {
            return refuse(key, name, "does not exist");
        } catch (InvalidPathException none) {
            return refuse(key, name, "is not a file name");
        } catch (CertificateException none) {
            return refuse(key, name, "has content other than certificates in PEM");
        } catch (IOException broken) {
            return refuse(key, name, "cannot be read: " + broken.getClass().getSimpleName());
        }
    }

    private Optional<String> refuse(String key, String file, String why) {
        problems.add(key, "the file " + file + " " + why);
        return Optional.empty();
    }
}
