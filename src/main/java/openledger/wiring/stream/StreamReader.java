package openledger.wiring.stream;

import java.time.Duration;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import openledger.kafka.KafkaSecurity;
import openledger.kafka.KafkaSettings;
import openledger.stream.TenantNames;
import openledger.wiring.config.ConfigurationProblems;
import openledger.wiring.config.TelemetryKeys.KafkaKeys;
import openledger.wiring.config.TelemetryKeys.StreamKeys;
import org.jspecify.annotations.Nullable;

/** Reads how decisions are streamed. */
public final class StreamReader {
    private static final String KEY = "openledger.stream";
    private static final String KAFKA = KEY + ".kafka";
    private static final String PROPERTIES = KAFKA + ".properties.";
    private static final String SECRETS = KAFKA + ".secret-envs.";
    private static final List<String> ANY_SERVER = List.of("localhost:9092");
    private static final Duration MOST = Duration.ofDays(3_650);

    private final ConfigurationProblems problems;
    private final Function<String, @Nullable String> environment;

    /** A reader that notes what it finds wrong. */
    public StreamReader(ConfigurationProblems problems, Function<String, @Nullable String> environment) {
        this.problems = problems;
        this.environment = environment;
    }

    /** Empty if decisions are not streamed, or something was wrong. */
    public Optional<StreamSettings> read(StreamKeys keys) {
        List<String> servers = keys.kafka().bootstrapServers().orElse(List.of()).stream()
                .map(String::strip)
                .filter(each -> !each.isEmpty())
                .toList();
        if (servers.isEmpty()) {
            return Optional.empty();
        }
        Optional<TenantNames> tenants = tenants(keys.tenants());
        Duration lag = keys.longestLag();
        if (lag.isNegative() || lag.compareTo(MOST) > 0) {
            problems.add(KEY + ".longest-lag", "must be 0 s to 3650 days: " + lag);
        }
        Map<String, String> properties = properties(keys.kafka());
        // One by one, for each has its key.
        boolean areServers = problems.build(
                        KAFKA + ".bootstrap-servers", () -> new KafkaSettings(servers, "any", Map.of()))
                .isPresent();
        boolean isPrefix = problems.build(
                        KAFKA + ".prefix",
                        () -> new KafkaSettings(ANY_SERVER, keys.kafka().prefix(), Map.of()))
                .isPresent();
        Optional<KafkaSettings> kafka = areServers && isPrefix
                ? Optional.of(new KafkaSettings(servers, keys.kafka().prefix(), properties))
                : Optional.empty();
        return kafka.isEmpty() || tenants.isEmpty()
                ? Optional.empty()
                : Optional.of(new StreamSettings(kafka.get(), tenants.get(), lag));
    }

    private Optional<TenantNames> tenants(String word) {
        Optional<TenantNames> known = Arrays.stream(TenantNames.values())
                .filter(each -> each.name().toLowerCase(Locale.ROOT).equals(word))
                .findFirst();
        if (known.isEmpty()) {
            problems.add(KEY + ".tenants", "must be names or tags: " + word);
        }
        return known;
    }

    /** No reason repeats a value, which may be a secret. */
    private Map<String, String> properties(KafkaKeys keys) {
        Map<String, String> properties = new HashMap<>();
        boolean isWhole = true;
        for (Map.Entry<String, String> given : keys.properties().entrySet()) {
            String name = given.getKey();
            isWhole &= check(PROPERTIES, name, given.getValue());
            properties.put(name, given.getValue());
            if (KafkaSecurity.isSecret(name)) {
                problems.add(PROPERTIES + name, "is a secret: name its environment variable under secret-envs");
                isWhole = false;
            }
        }
        for (Map.Entry<String, String> named : keys.secretEnvs().entrySet()) {
            String name = named.getKey();
            String secret = environment.apply(named.getValue());
            if (secret == null || secret.isBlank()) {
                problems.absent(SECRETS + name, "the environment variable " + named.getValue() + " is not set");
                isWhole = false;
                continue;
            }
            isWhole &= check(SECRETS, name, secret);
            if (properties.put(name, secret) != null) {
                problems.add(SECRETS + name, "is set under properties as well");
                isWhole = false;
            }
        }
        if (isWhole) {
            KafkaSecurity.faults(properties).forEach(fault -> note(fault, keys));
        }
        return properties;
    }

    private boolean check(String group, String name, String value) {
        String refused = KafkaSettings.refused(name, value);
        if (!refused.isEmpty()) {
            problems.add(group + name, refused);
        }
        return refused.isEmpty();
    }

    private void note(KafkaSecurity.Fault fault, KafkaKeys keys) {
        String name = fault.property();
        boolean isSecret = keys.secretEnvs().containsKey(name)
                || (!keys.properties().containsKey(name) && KafkaSecurity.isSecret(name));
        String key = (isSecret ? SECRETS : PROPERTIES) + name;
        if (fault.isAbsent()) {
            problems.absent(key, fault.reason());
        } else {
            problems.add(key, fault.reason());
        }
    }
}
