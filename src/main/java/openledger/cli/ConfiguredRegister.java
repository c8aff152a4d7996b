package openledger.cli;

import io.smallrye.config.ConfigValue;
import io.smallrye.config.PropertiesConfigSource;
import io.smallrye.config.SmallRyeConfig;
import io.smallrye.config.SmallRyeConfigBuilder;
import io.smallrye.config.source.yaml.YamlConfigSource;
import io.vertx.core.Vertx;
import java.io.IOException;
import java.net.URL;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.NoSuchElementException;
import java.util.Optional;
import openledger.access.KeyRegister;
import openledger.store.DecisionArchive;
import openledger.store.LaneDatabase;
import openledger.store.key.StoredKeyRegister;

/**
 * What is in the database that a configuration names: the register of keys, the lanes and the decisions. Stateless. The configuration is read as the router reads it, without starting the
 * router.
 */
public final class ConfiguredRegister {
    private static final String DATASOURCE = "quarkus.datasource.";
    private static final int FILE_ORDINAL = 260;
    private static final int DEFAULTS_ORDINAL = 100;

    private ConfiguredRegister() {}

    /**
     * Reads the configuration; environment variables and system properties override it. Does not connect yet.
     *
     * @throws IOException if it cannot be read or names no database
     */
    static KeyRegister of(Vertx vertx, Path file) throws IOException {
        return opened(
                file, (url, user, password) -> StoredKeyRegister.at(vertx, url, user, password, new SecureRandom()));
    }

    /**
     * The batches in the same database. Does not connect yet.
     *
     * @throws IOException if the configuration cannot be read or names no database
     */
    static LaneDatabase lanes(Vertx vertx, Path file) throws IOException {
        return opened(file, (url, user, password) -> LaneDatabase.at(vertx, url, user, password));
    }

    /**
     * The decisions in the same database. Does not connect yet.
     *
     * @throws IOException if the configuration cannot be read or names no database
     */
    public static DecisionArchive decisions(Vertx vertx, Path file) throws IOException {
        return opened(file, (url, user, password) -> DecisionArchive.at(vertx, url, user, password));
    }

    /** What is opened by the address of a database. */
    @FunctionalInterface
    private interface Opening<T> {
        T at(String url, Optional<String> user, Optional<String> password);
    }

    private static <T> T opened(Path file, Opening<T> opening) throws IOException {
        try {
            SmallRyeConfig config = read(file);
            return opening.at(
                    address(config),
                    config.getOptionalValue(DATASOURCE + "username", String.class),
                    config.getOptionalValue(DATASOURCE + "password", String.class));
        } catch (NoSuchElementException | IllegalArgumentException e) {
            throw new IOException("The configuration " + file + " names no usable " + DATASOURCE + "reactive.url.", e);
        }
    }

    /** Where the router's pool leads; if nothing says so but an address for JDBC does, then there. */
    private static String address(SmallRyeConfig config) {
        ConfigValue pool = config.getConfigValue(DATASOURCE + "reactive.url");
        ConfigValue jdbc = config.getConfigValue(DATASOURCE + "jdbc.url");
        boolean isJdbcAlone = jdbc.getValue() != null
                && (pool.getValue() == null || jdbc.getConfigSourceOrdinal() > pool.getConfigSourceOrdinal());
        String url = isJdbcAlone ? jdbc.getValue() : pool.getValue();
        if (url == null) {
            throw new NoSuchElementException("there is no address of a database");
        }
        return url.replaceFirst("^(jdbc|vertx-reactive):", "");
    }

    /**
     * The configuration itself, with the defaults and what overrides it. Reads the file.
     *
     * @throws IOException if it cannot be read
     */
    public static SmallRyeConfig read(Path file) throws IOException {
        if (!Files.isReadable(file)) {
            throw new IOException("The configuration " + file + " cannot be read.");
        }
        SmallRyeConfigBuilder builder = new SmallRyeConfigBuilder()
                .addDefaultInterceptors()
                .addSystemSources()
                .withSources(new YamlConfigSource(file.toUri().toURL(), FILE_ORDINAL));
        URL defaults = ConfiguredRegister.class.getResource("/application.properties");
        if (defaults != null) {
            builder.withSources(new PropertiesConfigSource(defaults, DEFAULTS_ORDINAL));
        }
        return builder.build();
    }
}
