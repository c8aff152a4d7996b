package openledger.wiring.config;

import io.smallrye.config.EnvConfigSource;
import io.smallrye.config.SysPropConfigSource;
import java.util.List;
import java.util.Map;
import org.eclipse.microprofile.config.spi.ConfigSource;
import org.eclipse.microprofile.config.spi.ConfigSourceProvider;

/**
 * The environment and the command line once more, above everything else. A file that {@code quarkus.config.locations} names has the rank of
 * whatever named it, so one that {@code serve --config} names would beat the environment, and lose to it when it is read again. Found by
 * its name under {@code META-INF/services}.
 */
public final class EnvironmentFirst implements ConfigSourceProvider {
    /** Above system properties (400), which may name a file. */
    static final int ENVIRONMENT = 500;

    static final int COMMAND_LINE = 510;

    @Override
    public Iterable<ConfigSource> getConfigSources(ClassLoader loader) {
        return List.of(new EnvConfigSource(Map.copyOf(System.getenv()), ENVIRONMENT), new CommandLine());
    }

    /** System properties as they are when they are asked for. */
    private static final class CommandLine extends SysPropConfigSource {
        private static final long serialVersionUID = 1;

        @Override
        public int getOrdinal() {
            return COMMAND_LINE;
        }
    }
}
