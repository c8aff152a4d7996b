package openledger.support.broker;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * How clients reach a broker over TLS, and log in: the certificate of {@code localhost}, which a client has to trust, and one user.
 *
 * @param keys PKCS12, of the broker
 * @param trust PKCS12, of its clients
 * @param password of both files
 */
public record BrokerLogin(Path keys, Path trust, String password, String user, String secret) {
    /** With files in a folder. */
    public static BrokerLogin make(Path folder) throws IOException, InterruptedException {
        BrokerLogin login = new BrokerLogin(
                folder.resolve("broker.p12"), folder.resolve("trust.p12"), "of-the-files", "router", "hush-hush-42");
        Path certificate = folder.resolve("broker.pem");
        login.keytool(
                login.keys,
                "-genkeypair -alias broker -keyalg EC -groupname secp256r1 -dname CN=localhost -ext san=dns:localhost -validity 30");
        login.keytool(login.keys, "-exportcert -alias broker -rfc -file " + certificate);
        login.keytool(login.trust, "-importcert -noprompt -alias broker -file " + certificate);
        return login;
    }

    private void keytool(Path store, String arguments) throws IOException, InterruptedException {
        List<String> command = new java.util.ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "keytool").toString(),
                "-keystore",
                store.toString(),
                "-storetype",
                "PKCS12",
                "-storepass",
                password));
        command.addAll(List.of(arguments.split(" ", -1)));
        Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
        process.getInputStream().readAllBytes();
        if (!process.waitFor(60, TimeUnit.SECONDS) || process.exitValue() != 0) {
            process.destroyForcibly();
            throw new IOException("keytool failed: " + arguments);
        }
    }

    /** What a client logs in with. */
    public String jaas(String module) {
        return "org.apache.kafka.common.security." + module + " required username=\"" + user + "\" password=\"" + secret
                + "\";";
    }

    /** For the broker's configuration. */
    String properties() {
        return """
                sasl.enabled.mechanisms=PLAIN,SCRAM-SHA-256,SCRAM-SHA-512
                listener.name.sasl_ssl.plain.sasl.jaas.config=\
                org.apache.kafka.common.security.plain.PlainLoginModule required user_%s="%s";
                listener.name.sasl_ssl.scram-sha-256.sasl.jaas.config=\
                org.apache.kafka.common.security.scram.ScramLoginModule required;
                listener.name.sasl_ssl.scram-sha-512.sasl.jaas.config=\
                org.apache.kafka.common.security.scram.ScramLoginModule required;
                ssl.keystore.type=PKCS12
                ssl.keystore.location=%s
                ssl.keystore.password=%s
                ssl.key.password=%s
                listener.security.protocol.map=PLAINTEXT:PLAINTEXT,CONTROLLER:PLAINTEXT,SASL_SSL:SASL_SSL
                """.formatted(user, secret, keys, password, password);
    }

    /** For the tool that formats its folder. */
    List<String> scram() {
        return List.of(
                "--add-scram",
                "SCRAM-SHA-256=[name=" + user + ",password=" + secret + "]",
                "--add-scram",
                "SCRAM-SHA-512=[name=" + user + ",password=" + secret + "]");
    }
}
