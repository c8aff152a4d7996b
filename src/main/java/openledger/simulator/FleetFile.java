package openledger.simulator;

import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonMappingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.quarkus.runtime.annotations.RegisterForReflection;
import java.io.IOException;
import java.net.InetAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import openledger.lab.world.CongestionParameters;
import openledger.lab.world.LogNormal;
import org.jspecify.annotations.Nullable;
import org.yaml.snakeyaml.LoaderOptions;
import org.yaml.snakeyaml.Yaml;
import org.yaml.snakeyaml.constructor.SafeConstructor;
import org.yaml.snakeyaml.error.YAMLException;

/** The file that describes a fleet; {@code deploy/demo-fleet.yaml} documents every key. */
@RegisterForReflection
record FleetFile(
        @Nullable String host,
        long seed,
        @JsonProperty("congestion-pace") @Nullable Double congestionPace,
        List<Entry> providers) {
    private static final ObjectMapper JSON =
            new ObjectMapper().enable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES);
    /** Where a fleet listens unless its file says otherwise. */
    static final InetAddress LOOPBACK = InetAddress.ofLiteral("127.0.0.1");

    /** One provider of the file. */
    @RegisterForReflection
    record Entry(
            String name,
            int port,
            int slots,
            @JsonProperty("service-ms") @Nullable Double serviceMillis,
            @JsonProperty("service-cv") @Nullable Double serviceCv,
            @Nullable Integer tokens,
            @JsonProperty("chunks-per-second") @Nullable Double chunksPerSecond,
            @JsonProperty("send-times") @Nullable Boolean sendTimes,
            @Nullable Boolean congested) {
        Optional<TokenPace> pace() {
            TokenPace.Text text = Boolean.TRUE.equals(sendTimes) ? TokenPace.Text.SEND_TIME : TokenPace.Text.NUMBER;
            return Optional.ofNullable(chunksPerSecond).map(perSecond -> new TokenPace(perSecond, text));
        }
    }

    /** Reads a file; an unknown key or bad value is an {@link IllegalArgumentException} that names it. */
    static FleetFile read(Path file) throws IOException {
        try {
            Object tree = new Yaml(new SafeConstructor(new LoaderOptions())).load(Files.readString(file));
            return JSON.convertValue(tree instanceof Map<?, ?> map ? map : Map.of(), FleetFile.class);
        } catch (YAMLException e) {
            throw new IllegalArgumentException(file + " is not YAML: " + e.getMessage(), e);
        } catch (IllegalArgumentException e) {
            String where = e.getCause() instanceof JsonMappingException mapping ? mapping.getPathReference() : "";
            throw new IllegalArgumentException(file + ": " + where + " " + e.getMessage(), e);
        }
    }

    /** Where the fleet listens; a name is an {@link IllegalArgumentException}, for it might lead anywhere. */
    InetAddress address() {
        try {
            return host == null ? LOOPBACK : InetAddress.ofLiteral(host);
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException(
                    "host must be an IP address, such as 127.0.0.1, or 0.0.0.0 for all of the machine", e);
        }
    }

    List<ProviderSpec> specs() {
        List<ProviderSpec> specs = new ArrayList<>();
        int inWorld = 0;
        for (Entry entry : providers == null ? List.<Entry>of() : providers) {
            boolean congested = Boolean.TRUE.equals(entry.congested());
            Optional<LogNormal> service = Optional.ofNullable(entry.serviceMillis())
                    .map(mean -> new LogNormal(mean, entry.serviceCv() == null ? 0.5 : entry.serviceCv()));
            specs.add(new ProviderSpec(
                    entry.name(),
                    entry.port(),
                    entry.slots(),
                    service,
                    entry.tokens() == null ? 20 : entry.tokens(),
                    entry.pace(),
                    congested ? Optional.of(inWorld++) : Optional.empty()));
        }
        if (specs.isEmpty()) {
            throw new IllegalArgumentException("a fleet needs providers");
        }
        return specs;
    }

    CongestionParameters congestion() {
        return congestionPace == null
                ? CongestionParameters.REFERENCE
                : CongestionParameters.REFERENCE.faster(congestionPace);
    }
}
