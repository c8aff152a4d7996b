package openledger.cli;

import io.smallrye.config.SmallRyeConfig;
import io.vertx.core.Vertx;
import java.io.IOException;
import java.math.BigInteger;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.Optional;
import java.util.function.UnaryOperator;
import openledger.chain.FeeSettings;
import openledger.chain.LaneAccount;
import openledger.chain.registry.Deployment;
import openledger.chain.registry.RegistryDeployer;
import openledger.commitment.LaneNumber;
import openledger.unit.Address;
import openledger.unit.Wei;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** The registry's contract on a chain. */
@Command(
        name = "chain",
        mixinStandardHelpOptions = true,
        description = "Deploy the registry that batches are committed to.")
public final class ChainCommand {
    private static final String SETTLEMENT = "openledger.settlement.";
    private static final String RPC_URLS = SETTLEMENT + "rpc-urls";
    private static final String KEY_ENV = SETTLEMENT + "key-env";
    private static final String DEFAULT_KEY_ENV = "OPENLEDGER_LANE_KEY";
    private static final BigInteger WEI_A_GWEI = BigInteger.valueOf(1_000_000_000);
    private static final Wei L1_CAP = new Wei(BigInteger.TEN.pow(17));
    private static final Wei LEAST_PRIORITY = Wei.of(1_000_000);
    private static final int MARGIN_PERCENT = 100;
    private static final Duration LONGEST = Duration.ofMinutes(4);

    @Mixin
    private final Console console = new Console();

    private final UnaryOperator<@Nullable String> environment;

    /** The command as people use it. */
    public ChainCommand() {
        this(System::getenv);
    }

    /** With another environment. */
    ChainCommand(UnaryOperator<@Nullable String> environment) {
        this.environment = environment;
    }

    /** Where the node is. */
    static final class Where {
        @Option(
                names = "--config",
                required = true,
                paramLabel = "FILE",
                description = "The router's configuration; its openledger.settlement keys name nodes and key.")
        private Optional<Path> config = Optional.empty();

        @Option(names = "--rpc", required = true, paramLabel = "URL", description = "JSON-RPC address of a node.")
        private Optional<String> rpc = Optional.empty();
    }

    /** Deploys the registry. */
    @Command(
            name = "deploy",
            mixinStandardHelpOptions = true,
            exitCodeOnExecutionException = 1,
            description =
                    "Deploy the registry unless it is deployed already, and print what to write into the configuration.",
            footer = {
                "Example:",
                "  openledger chain deploy --config openledger.yaml",
                "",
                "Anybody can deploy it, at the same address on every chain; nobody controls all lanes.",
                "Exit codes: 0 it is deployed; 1 it is not; 2 wrong usage."
            })
    int deploy(
            @ArgGroup(multiplicity = "1") Where where,
            @Option(
                            names = "--key-env",
                            paramLabel = "NAME",
                            description =
                                    "Environment variable with the private key of the account that pays. Default: the"
                                            + " configuration's key-env, or " + DEFAULT_KEY_ENV + ".")
                    Optional<String> keyEnv,
            @Option(
                            names = "--max-gwei",
                            defaultValue = "100",
                            paramLabel = "N",
                            description = "Maximum gwei per unit of gas; default: ${DEFAULT-VALUE}.")
                    int mostGwei) {
        if (mostGwei < 1) {
            throw console.usage("--max-gwei must be a positive number.");
        }
        Optional<SmallRyeConfig> config = where.config.map(this::read);
        List<URI> nodes = nodes(where, config);
        String variable = keyEnv.or(() -> config.flatMap(known -> known.getOptionalValue(KEY_ENV, String.class)))
                .orElse(DEFAULT_KEY_ENV);
        LaneAccount account = account(variable);
        FeeSettings fees = new FeeSettings(
                new Wei(WEI_A_GWEI.multiply(BigInteger.valueOf(mostGwei))), LEAST_PRIORITY, MARGIN_PERCENT, L1_CAP);
        return report(
                NodeCall.wait(vertx -> deployment(vertx, nodes, fees, account), LONGEST), variable, account.address());
    }

    private static io.smallrye.mutiny.Uni<Deployment> deployment(
            Vertx vertx, List<URI> nodes, FeeSettings fees, LaneAccount account) {
        RegistryDeployer deployer = new RegistryDeployer(vertx, NodeCall.settings(nodes), fees, account);
        return deployer.deploy().eventually(deployer::close);
    }

    private int report(Deployment deployment, String variable, Address account) {
        return switch (deployment) {
            case Deployment.Deployed(var registry, var chain, var inclusion) -> {
                say("Deployed the registry in transaction " + inclusion.transaction() + ", block "
                        + inclusion.block().number() + ", for " + inclusion.gasUsed() + " gas.");
                yield configuration(registry.toString(), chain, variable, account);
            }
            case Deployment.AlreadyThere(var registry, var chain) -> {
                say("The registry is deployed already; nothing was sent.");
                yield configuration(registry.toString(), chain, variable, account);
            }
            case Deployment.Failed(var reason) -> {
                console.complain("The registry is not deployed: " + reason + ".");
                yield 1;
            }
        };
    }

    private int configuration(String registry, long chain, String variable, Address account) {
        say("");
        say("openledger:");
        say("  settlement:");
        say("    chain-id: " + chain);
        say("    registry: \"" + registry + "\"");
        say("    key-env: " + variable);
        say("");
        say("A router with openledger.lane 1 and this key writes lane "
                + LaneNumber.of(account, 1).value() + ".");
        return 0;
    }

    private SmallRyeConfig read(Path file) {
        try {
            return ConfiguredRegister.read(file);
        } catch (IOException e) {
            throw console.usage(String.valueOf(e.getMessage()));
        }
    }

    private List<URI> nodes(Where where, Optional<SmallRyeConfig> config) {
        List<String> texts = where.rpc.map(List::of).orElseGet(() -> configured(config.orElseThrow()));
        List<URI> nodes =
                texts.stream().flatMap(text -> NodeCall.address(text).stream()).toList();
        if (nodes.isEmpty() || nodes.size() != texts.size()) {
            throw console.usage(
                    (where.rpc.isPresent() ? "--rpc" : RPC_URLS) + " must be the http or https address of a node.");
        }
        return nodes;
    }

    private List<String> configured(SmallRyeConfig config) {
        try {
            return config.getValues(RPC_URLS, String.class);
        } catch (NoSuchElementException e) {
            throw console.usage("The configuration has no " + RPC_URLS + ".");
        }
    }

    /** The key stays in the environment: an argument could be read by anybody on the machine. */
    private LaneAccount account(String variable) {
        String key = environment.apply(variable);
        if (key == null || key.isEmpty()) {
            throw console.usage("The environment variable " + variable
                    + " is not set; it must hold the private key of the account that pays.");
        }
        try {
            return LaneAccount.of(key);
        } catch (IllegalArgumentException e) {
            throw console.usage(
                    "The environment variable " + variable + " must hold a private key of 64 hexadecimal digits.");
        }
    }

    private void say(String text) {
        console.out().println(text);
        console.out().flush();
    }
}
