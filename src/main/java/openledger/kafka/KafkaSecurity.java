package openledger.kafka;

import java.nio.file.NoSuchFileException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;
import javax.security.auth.login.AppConfigurationEntry;
import org.apache.kafka.clients.CommonClientConfigs;
import org.apache.kafka.clients.admin.AdminClientConfig;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.common.config.ConfigDef;
import org.apache.kafka.common.config.SaslConfigs;
import org.apache.kafka.common.config.SslConfigs;
import org.apache.kafka.common.config.types.Password;
import org.apache.kafka.common.network.ConnectionMode;
import org.apache.kafka.common.security.JaasContext;
import org.apache.kafka.common.security.plain.PlainLoginModule;
import org.apache.kafka.common.security.scram.ScramLoginModule;
import org.apache.kafka.common.security.ssl.SslFactory;

/**
 * Finds what a Kafka client would only find when it connects, and would then try again and again: values that it does not take, TLS and SASL
 * that cannot be set up, and those that are configured and not used. Connects to nobody; reads the files that properties name. Stateless.
 */
public final class KafkaSecurity {
    private static final String PROTOCOL = CommonClientConfigs.SECURITY_PROTOCOL_CONFIG;
    private static final List<ConfigDef> CLIENTS =
            List.of(ProducerConfig.configDef(), ConsumerConfig.configDef(), AdminClientConfig.configDef());
    /** Of one kind with secrets for the client, though everybody may see them. */
    private static final Set<String> CERTIFICATES =
            Set.of(SslConfigs.SSL_TRUSTSTORE_CERTIFICATES_CONFIG, SslConfigs.SSL_KEYSTORE_CERTIFICATE_CHAIN_CONFIG);

    private static final List<String> TRUST =
            List.of(SslConfigs.SSL_TRUSTSTORE_LOCATION_CONFIG, SslConfigs.SSL_TRUSTSTORE_CERTIFICATES_CONFIG);
    private static final List<String> OWN = List.of(
            SslConfigs.SSL_KEYSTORE_LOCATION_CONFIG,
            SslConfigs.SSL_KEYSTORE_CERTIFICATE_CHAIN_CONFIG,
            SslConfigs.SSL_KEYSTORE_KEY_CONFIG);
    private static final Map<String, Class<?>> BY_PASSWORD = Map.of(
            "PLAIN", PlainLoginModule.class,
            "SCRAM-SHA-256", ScramLoginModule.class,
            "SCRAM-SHA-512", ScramLoginModule.class);
    /** They ask others for tickets and tokens, so nothing is tried. */
    private static final Set<String> BY_OTHERS = Set.of("GSSAPI", "OAUTHBEARER");

    private KafkaSecurity() {}

    /**
     * What is wrong with a property.
     *
     * @param reason without any value of a property
     * @param isAbsent whether it names a file that is not there, which may be so on this machine alone
     */
    public record Fault(String property, String reason, boolean isAbsent) {}

    /** Whether a property is one of those that nobody may see. */
    public static boolean isSecret(String property) {
        return !CERTIFICATES.contains(property)
                && CLIENTS.stream()
                        .map(client -> client.configKeys().get(property))
                        .anyMatch(key -> key != null && key.type == ConfigDef.Type.PASSWORD);
    }

    /** What is wrong with the properties of a client; if one by itself is, only that. */
    public static List<Fault> faults(Map<String, String> properties) {
        List<Fault> found = values(properties);
        if (found.isEmpty()) {
            String protocol = properties.getOrDefault(PROTOCOL, "PLAINTEXT").toUpperCase(Locale.ROOT);
            found.addAll(
                    protocol.endsWith("SSL") ? tls(properties) : unused(properties, TRUST, OWN, "SSL or SASL_SSL"));
            found.addAll(
                    protocol.startsWith("SASL_")
                            ? sasl(properties)
                            : unused(
                                    properties,
                                    List.of(SaslConfigs.SASL_MECHANISM),
                                    List.of(SaslConfigs.SASL_JAAS_CONFIG),
                                    "SASL_SSL or SASL_PLAINTEXT"));
        }
        return List.copyOf(found);
    }

    private static List<Fault> values(Map<String, String> properties) {
        List<Fault> found = new ArrayList<>();
        for (String name : new TreeSet<>(properties.keySet())) {
            CLIENTS.stream()
                    .filter(client -> client.names().contains(name))
                    .flatMap(client -> client.validate(Map.of(name, properties.getOrDefault(name, ""))).stream())
                    .filter(value -> value.name().equals(name))
                    .flatMap(value -> value.errorMessages().stream())
                    .findFirst()
                    .ifPresent(said -> found.add(
                            new Fault(name, "is no value that a Kafka client takes" + rule(name, said), false)));
        }
        return found;
    }

    /** What the client says of what it takes: behind the value and the name. */
    private static String rule(String name, String said) {
        String before = "for configuration " + name + ": ";
        int at = said.indexOf(before);
        boolean isList = at >= 0 && said.substring(at).contains("one of");
        return isList ? ": " + said.substring(at + before.length()) : "";
    }

    /** Whoever has set them believes that they protect something. */
    private static List<Fault> unused(
            Map<String, String> properties, List<String> some, List<String> others, String protocols) {
        return Stream.concat(some.stream(), others.stream())
                .filter(properties::containsKey)
                .map(name -> new Fault(name, "is not used: " + PROTOCOL + " is not " + protocols, false))
                .toList();
    }

    private static List<Fault> tls(Map<String, String> properties) {
        Map<String, String> trust = new HashMap<>(properties);
        trust.keySet().removeIf(name -> name.startsWith("ssl.keystore.") || name.startsWith("ssl.key."));
        return tls(trust, TRUST).or(() -> tls(properties, OWN)).map(List::of).orElse(List.of());
    }

    private static Optional<Fault> tls(Map<String, String> properties, List<String> blamed) {
        Map<String, Object> all = new HashMap<>(properties);
        all.put(CommonClientConfigs.BOOTSTRAP_SERVERS_CONFIG, List.of());
        try (SslFactory factory = new SslFactory(ConnectionMode.CLIENT)) {
            factory.configure(AdminClientConfig.configDef().parse(all));
            return Optional.empty();
        } catch (RuntimeException refused) {
            String name =
                    blamed.stream().filter(properties::containsKey).findFirst().orElse(PROTOCOL);
            boolean isAbsent = isAbsent(refused);
            return Optional.of(new Fault(
                    name,
                    isAbsent
                            ? "names a file that is not there"
                            : "cannot be opened: is it of its type (PKCS12, JKS or PEM), and is its password the right one?",
                    isAbsent));
        }
    }

    private static boolean isAbsent(Throwable failure) {
        for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
            if (cause instanceof NoSuchFileException) {
                return true;
            }
        }
        return false;
    }

    private static List<Fault> sasl(Map<String, String> properties) {
        String mechanism = properties.getOrDefault(SaslConfigs.SASL_MECHANISM, SaslConfigs.DEFAULT_SASL_MECHANISM);
        if (BY_OTHERS.contains(mechanism)) {
            return List.of();
        }
        Class<?> module = BY_PASSWORD.get(mechanism);
        if (module == null) {
            return List.of(new Fault(
                    SaslConfigs.SASL_MECHANISM,
                    "must be one of PLAIN, SCRAM-SHA-256, SCRAM-SHA-512, OAUTHBEARER and GSSAPI",
                    false));
        }
        String wanted = module.getName() + " required username=\"…\" password=\"…\";";
        String login = properties.get(SaslConfigs.SASL_JAAS_CONFIG);
        if (login == null) {
            return List.of(new Fault(
                    SaslConfigs.SASL_JAAS_CONFIG, "is missing; for " + mechanism + " it is " + wanted, false));
        }
        return isLogin(login, mechanism, module)
                ? List.of()
                : List.of(new Fault(SaslConfigs.SASL_JAAS_CONFIG, "must be, for " + mechanism + ": " + wanted, false));
    }

    private static boolean isLogin(String login, String mechanism, Class<?> module) {
        try {
            List<AppConfigurationEntry> entries = JaasContext.loadClientContext(Map.of(
                            SaslConfigs.SASL_JAAS_CONFIG, new Password(login), SaslConfigs.SASL_MECHANISM, mechanism))
                    .configurationEntries();
            return entries.size() == 1
                    && entries.getFirst().getLoginModuleName().equals(module.getName())
                    && Stream.of("username", "password")
                            .allMatch(option -> entries.getFirst().getOptions().get(option) instanceof String text
                                    && !text.isEmpty());
        } catch (IllegalArgumentException | SecurityException refused) {
            return false;
        }
    }
}
