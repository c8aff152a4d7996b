package openledger.cli;

import io.vertx.core.Vertx;
import java.io.IOException;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.InstantSource;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.UnaryOperator;
import openledger.cli.witness.WitnessFolder;
import openledger.cli.witness.WitnessServer;
import openledger.commitment.log.NoteKey;
import openledger.commitment.log.NoteSigner;
import openledger.commitment.witness.Witness;
import openledger.identity.NoteSecret;
import openledger.verifier.TerminalText;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Watches the logs of others, so that none of them can show two people two histories. */
@Command(
        name = "witness",
        mixinStandardHelpOptions = true,
        description =
                "Watch logs: cosign each checkpoint that continues the one before, and no other (C2SP tlog-witness).",
        footer = {
            "The folder has what was cosigned last; a witness that has lost it must take a new key and a new name.",
            "Checkpoints that cannot both be of one log are kept in its folder 'evidence'.",
            "serve runs until a signal ends it, and may be ended so at any time.",
            "Exit codes: 0 done; 1 the folder or the port cannot be used; 2 wrong usage."
        })
public final class WitnessCommand {
    private static final String KEY_ENV = "OPENLEDGER_WITNESS_KEY";
    private static final int LONGEST_START = 10;
    private static final Duration LONGEST_CONNECTION = Duration.ofSeconds(10);

    @Mixin
    private final Console console = new Console();

    private final UnaryOperator<@Nullable String> environment;

    /** The command as people use it. */
    public WitnessCommand() {
        this(System::getenv);
    }

    /** With another environment. */
    WitnessCommand(UnaryOperator<@Nullable String> environment) {
        this.environment = environment;
    }

    @Command(
            name = "key",
            mixinStandardHelpOptions = true,
            description = "Make a new secret and print it, for the environment variable that serve reads.",
            footer = {"Example:", "  export OPENLEDGER_WITNESS_KEY=$(openledger witness key)"})
    int key() {
        byte[] seed = new byte[NoteSigner.SEED_BYTES];
        new SecureRandom().nextBytes(seed);
        console.out().println(HexFormat.of().formatHex(seed));
        console.out().flush();
        return 0;
    }

    @Command(
            name = "serve",
            mixinStandardHelpOptions = true,
            description = "Answer POST /add-checkpoint until it is stopped; prints the verifier key first.",
            footer = {
                "Example:",
                "  openledger witness serve --name witness.example/w1 --dir w1 --log router.example/openledger/lane/1+..."
            })
    int serve(
            @Option(
                            names = "--name",
                            required = true,
                            paramLabel = "NAME",
                            description =
                                    "The witness's name in its cosignatures: no spaces, no plus, such as witness.example/w1.")
                    String name,
            @Option(
                            names = "--key-env",
                            defaultValue = KEY_ENV,
                            paramLabel = "VARIABLE",
                            description =
                                    "Environment variable with its Ed25519 secret, 64 hexadecimal digits; default: ${DEFAULT-VALUE}.")
                    String keyEnv,
            @Option(
                            names = "--log",
                            required = true,
                            paramLabel = "KEY",
                            description = "Verifier key of a log to watch, <origin>+<id>+<key>; once for each.")
                    List<String> logs,
            @Option(
                            names = "--dir",
                            required = true,
                            paramLabel = "FOLDER",
                            description = "Where it keeps what it has cosigned, for itself alone.")
                    Path folder,
            @Option(
                            names = "--host",
                            defaultValue = "127.0.0.1",
                            paramLabel = "ADDRESS",
                            description = "Address to listen at; default: ${DEFAULT-VALUE}.")
                    String host,
            @Option(
                            names = "--port",
                            defaultValue = "9790",
                            paramLabel = "PORT",
                            description = "Port to listen at, 0 for any; default: ${DEFAULT-VALUE}.")
                    int port)
            throws InterruptedException {
        NoteSigner signer = signer(name, keyEnv);
        Map<String, NoteKey> watched = watched(logs);
        try (WitnessFolder memory = WitnessFolder.open(folder)) {
            return serve(new Witness(signer, watched, memory), signer.key(), host, port);
        } catch (IOException e) {
            console.complain("The witness cannot start: " + e.getMessage());
            return 1;
        }
    }

    private int serve(Witness witness, NoteKey key, String host, int port) throws InterruptedException {
        Vertx vertx = NodeCall.loop();
        try {
            int listening = new WitnessServer(vertx, witness, InstantSource.system(), LONGEST_CONNECTION, this::say)
                    .listen(host, port)
                    .toCompletionStage()
                    .toCompletableFuture()
                    .get(LONGEST_START, TimeUnit.SECONDS);
            say("Verifier key: " + key);
            say("Listening at http://" + host + ":" + listening + "/add-checkpoint");
            Thread.currentThread().join();
            return 0;
        } catch (ExecutionException | TimeoutException e) {
            console.complain("The witness cannot listen at " + host + ":" + port + ": " + e.getMessage());
            return 1;
        } finally {
            NodeCall.end(vertx);
        }
    }

    private void say(String line) {
        console.out().println(TerminalText.line(line));
        console.out().flush();
    }

    private NoteSigner signer(String name, String keyEnv) {
        String secret = environment.apply(keyEnv);
        if (secret == null || secret.isBlank()) {
            throw console.usage("The environment variable " + keyEnv
                    + " is not set: put the witness's secret there, such as 'openledger witness key' prints.");
        }
        try {
            return NoteSecret.signer(name, NoteKey.Kind.COSIGNATURE, secret);
        } catch (IllegalArgumentException wrong) {
            throw console.usage("--name or " + keyEnv + ": " + wrong.getMessage() + ".");
        }
    }

    private Map<String, NoteKey> watched(List<String> logs) {
        Map<String, NoteKey> watched = new LinkedHashMap<>();
        for (String log : logs) {
            try {
                NoteKey key = NoteKey.parse(log);
                if (key.kind() != NoteKey.Kind.NOTE || watched.put(key.name(), key) != null) {
                    throw new IllegalArgumentException("each log once, by the key that it signs notes with");
                }
            } catch (IllegalArgumentException wrong) {
                throw console.usage("--log: " + wrong.getMessage() + ".");
            }
        }
        return watched;
    }
}
