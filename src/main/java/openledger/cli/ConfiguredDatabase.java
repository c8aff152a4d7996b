package openledger.cli;

import io.smallrye.config.ConfigValue;
import io.smallrye.config.PropertiesConfigSource;
import io.smallrye.config.SmallRyeConfig;
import io.smallrye.config.SmallRyeConfigBuilder;
import io.smallrye.config.source.yaml.YamlConfigSource;
import java.io.IOException;
import java.net.URL;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.NoSuchElementException;
import openledger.store.DatabaseServers;

/**
 * A configuration as the router reads it, and the database that it names, without starting the router. Stateless.
 */
public final class ConfiguredDatabase {
    private static final String DATASOURCE = "quarkus.datasource.";
    private static final int FILE_ORDINAL = 260;
    private static final int DEFAULTS_ORDINAL = 100;

    private ConfiguredDatabase() {}

    /**
     * The servers of the database; environment variables and system properties override the configuration. Does not connect yet.
     *
     * @throws IOException if the configuration cannot be read or names no database
     */
    public static DatabaseServers database(Path file) throws IOException {
        try {
            SmallRyeConfig config = read(file);
            return DatabaseServers.at(
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
        URL defaults = ConfiguredDatabase.class.getResource("/application.properties");
        if (defaults != null) {
            builder.withSources(new PropertiesConfigSource(defaults, DEFAULTS_ORDINAL));
        }
        return builder.build();
    }
}
