package openledger.wiring.config;

import io.quarkus.runtime.configuration.ConfigUtils;
import io.quarkus.runtime.configuration.DurationConverter;
import io.smallrye.config.ConfigValidationException;
import io.smallrye.config.PropertiesConfigSource;
import io.smallrye.config.SmallRyeConfigBuilder;
import io.smallrye.config.source.yaml.YamlConfigSource;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import openledger.cli.ConfigurationFaults;
import org.eclipse.microprofile.config.spi.ConfigSource;

/** The file a router was started from, which may change while it runs. Reading it blocks. */
public final class ConfigurationFile {
    private static final int ORDINAL = 110;
    private static final int DURATION_PRIORITY = 200;

    private final Path file;

    public ConfigurationFile(URI location) {
        this.file = location.getScheme() == null ? Path.of(location.getPath()) : Path.of(location);
    }

    /** What changes when the file does. */
    public record Version(FileTime modified, long size) {}

    public Version version() throws IOException {
        return new Version(Files.getLastModifiedTime(file), Files.size(file));
    }

    /**
     * The keys it holds now, under those of the environment and of the command line, as at the start.
     *
     * @throws IOException if it cannot be read
     * @throws ConfigurationProblem if it has keys that do not exist, or values of a wrong type
     * @throws RuntimeException if it is not of its form
     */
    public OpenLedgerConfig read() throws IOException {
        SmallRyeConfigBuilder builder = new SmallRyeConfigBuilder()
                .addDefaultInterceptors()
                .withProfiles(ConfigUtils.getProfiles())
                .withConverter(Duration.class, DURATION_PRIORITY, new DurationConverter())
                .addSystemSources()
                .withSources(source())
                .withMapping(OpenLedgerConfig.class);
        try {
            return builder.build().getConfigMapping(OpenLedgerConfig.class);
        } catch (ConfigValidationException faults) {
            throw new ConfigurationProblem(ConfigurationFaults.of(faults));
        }
    }

    private ConfigSource source() throws IOException {
        return file.toString().endsWith(".properties")
                ? new PropertiesConfigSource(file.toUri().toURL(), ORDINAL)
                : new YamlConfigSource(file.toUri().toURL(), ORDINAL);
    }

    @Override
    public String toString() {
        return file.toString();
    }
}
