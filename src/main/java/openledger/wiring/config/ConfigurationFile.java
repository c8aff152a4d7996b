package openledger.wiring.config;

import io.quarkus.runtime.configuration.ConfigUtils;
import io.quarkus.runtime.configuration.DurationConverter;
import io.smallrye.config.ConfigValidationException;
import io.smallrye.config.PropertiesConfigSource;
import io.smallrye.config.SmallRyeConfigBuilder;
import io.smallrye.config.source.yaml.YamlConfigSource;
import java.io.IOException;
import java.io.StringReader;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Properties;
import openledger.cli.ConfigurationFaults;
import org.eclipse.microprofile.config.spi.ConfigSource;

/** The file a router was started from, which may change while it runs. Reading it blocks. */
public final class ConfigurationFile {
    private static final int ORDINAL = 110;
    private static final int DURATION_PRIORITY = 200;

    private static final String OTHER = "the file of another router";

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
        return read(source());
    }

    /**
     * The keys of another router's file, under those of our own environment and command line.
     *
     * @param isProperties whether it is a properties file; else it is YAML
     * @throws IOException if it is not of its form
     * @throws ConfigurationProblem as {@link #read()}
     * @throws RuntimeException if it is not of its form
     */
    public static OpenLedgerConfig read(String text, boolean isProperties) throws IOException {
        if (!isProperties) {
            return read(new YamlConfigSource(OTHER, text, ORDINAL));
        }
        Properties properties = new Properties();
        properties.load(new StringReader(text));
        Map<String, String> keys = new HashMap<>();
        properties.stringPropertyNames().forEach(key -> keys.put(key, properties.getProperty(key)));
        return read(new PropertiesConfigSource(keys, OTHER, ORDINAL));
    }

    /** Whether it is a properties file; else it is YAML. */
    public boolean isProperties() {
        return file.toString().endsWith(".properties");
    }

    /**
     * All of it, as text.
     *
     * @throws IOException if it cannot be read, or is larger than {@code mostBytes}
     */
    public String text(int mostBytes) throws IOException {
        if (Files.size(file) > mostBytes) {
            throw new IOException("the file has more than " + mostBytes + " bytes");
        }
        return Files.readString(file);
    }

    private static OpenLedgerConfig read(ConfigSource source) {
        SmallRyeConfigBuilder builder = new SmallRyeConfigBuilder()
                .addDefaultInterceptors()
                .withProfiles(ConfigUtils.getProfiles())
                .withConverter(Duration.class, DURATION_PRIORITY, new DurationConverter())
                .addSystemSources()
                .withSources(source)
                .withMapping(OpenLedgerConfig.class);
        try {
            return builder.build().getConfigMapping(OpenLedgerConfig.class);
        } catch (ConfigValidationException faults) {
            throw new ConfigurationProblem(ConfigurationFaults.of(faults));
        }
    }

    private ConfigSource source() throws IOException {
        return isProperties()
                ? new PropertiesConfigSource(file.toUri().toURL(), ORDINAL)
                : new YamlConfigSource(file.toUri().toURL(), ORDINAL);
    }

    @Override
    public String toString() {
        return file.toString();
    }
}
