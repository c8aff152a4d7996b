package openledger.cli;

import io.smallrye.config.SmallRyeConfig;
import io.smallrye.mutiny.Uni;
import io.vertx.core.Vertx;
import java.io.IOException;
import java.math.BigInteger;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.NoSuchElementException;
import java.util.Optional;
import java.util.function.UnaryOperator;
import openledger.chain.FeeSettings;
import openledger.chain.LaneAccount;
import openledger.chain.LaneSeed;
import openledger.chain.RpcSettings;
import openledger.chain.registry.Deployment;
import openledger.chain.registry.RegistryDeployer;
import openledger.chain.vault.VaultDeployer;
import openledger.chain.vault.VaultDeployer.Step;
import openledger.cli.account.PayingAccount;
import openledger.cli.stake.TermsFile;
import openledger.commitment.LaneNumber;
import openledger.commitment.stake.VaultTerms;
import openledger.unit.Address;
import openledger.unit.LaneNumbers;
import openledger.unit.Wei;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** The contracts on a chain. Long because its options are described where they are. */
@Command(
        name = "chain",
        mixinStandardHelpOptions = true,
        description =
                "Deploy the registry that batches are committed to, and vaults for stakes; print accounts of lanes.")
public final class ChainCommand {
    private static final String SETTLEMENT = "openledger.settlement.";
    private static final String RPC_URLS = SETTLEMENT + "rpc-urls";
    private static final String KEY_ENV = SETTLEMENT + "key-env";
    private static final String DEFAULT_KEY_ENV = "OPENLEDGER_LANE_KEY";
    private static final String DEFAULT_SEED_ENV = "OPENLEDGER_LANE_SEED";
    private static final BigInteger WEI_A_GWEI = BigInteger.valueOf(1_000_000_000);
    private static final Wei L1_CAP = new Wei(BigInteger.TEN.pow(17));
    private static final Duration LONGEST = Duration.ofMinutes(4);
    /** What a router promises unless it is configured. */
    private static final Duration ANCHOR_WITHIN = Duration.ofMinutes(10);

    private static final Duration LONGEST_OF_ALL = LONGEST.multipliedBy(3);

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

    /** What is deployed beside the registry. */
    static final class Vault {
        @Option(names = "--vault", required = true, description = "Deploy a vault too, where lanes put stake at risk.")
        private boolean isWanted;

        @Option(
                names = "--terms",
                required = true,
                paramLabel = "FILE",
                description = "The vault's terms, which never change; deploy/terms.yaml documents them.")
        private Path terms = Path.of("");
    }

    /** Deploys the registry, and a vault if it is wanted. */
    @Command(
            name = "deploy",
            mixinStandardHelpOptions = true,
            exitCodeOnExecutionException = 1,
            description =
                    "Deploy the registry unless it is deployed already, and print what to write into the configuration.",
            footer = {
                "Example:",
                "  openledger chain deploy --config openledger.yaml",
                "  openledger chain deploy --vault --terms terms.yaml --rpc https://node.example",
                "",
                "Anybody can deploy it, at the same address on every chain; nobody controls all lanes. The address of a",
                "vault follows from its terms.",
                "Exit codes: 0 it is deployed; 1 it is not; 2 wrong usage."
            })
    int deploy(
            @ArgGroup(multiplicity = "1") Where where,
            @ArgGroup(exclusive = false) @Nullable Vault vault,
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
        Optional<VaultTerms> terms =
                Optional.ofNullable(vault).filter(options -> options.isWanted).map(options -> terms(options.terms));
        Optional<SmallRyeConfig> config = where.config.map(this::read);
        List<URI> nodes = nodes(where, config);
        String variable = keyEnv.or(() -> config.flatMap(known -> known.getOptionalValue(KEY_ENV, String.class)))
                .orElse(DEFAULT_KEY_ENV);
        LaneAccount account = PayingAccount.of(console, environment, variable);
        FeeSettings fees = FeeSettings.upTo(new Wei(WEI_A_GWEI.multiply(BigInteger.valueOf(mostGwei))), L1_CAP);
        Deployments to = new Deployments(NodeCall.settings(nodes), fees, account);
        List<Step> steps = terms.isPresent()
                ? NodeCall.wait(vertx -> vault(vertx, to, terms.get()), LONGEST_OF_ALL)
                : List.of(new Step("registry", NodeCall.wait(vertx -> registry(vertx, to), LONGEST)));
        return report(steps, variable, account.address(), terms);
    }

    /** Prints the accounts of a pool of lanes, so that they can be funded. */
    @Command(
            name = "accounts",
            mixinStandardHelpOptions = true,
            description = "Print the lanes of a seed and the addresses of their accounts, which need coins for fees.",
            footer = {
                "Example:",
                "  openledger chain accounts --lanes 1-16",
                "",
                "Of each line: the number in openledger.lanes, the address, and the lane that it opens on a registry. No key",
                "is printed. Asks no node.",
                "Exit codes: 0 they are printed; 2 wrong usage."
            })
    int accounts(
            @Option(
                            names = "--lanes",
                            required = true,
                            paramLabel = "NUMBERS",
                            description = "Numbers and ranges, as openledger.lanes has them: 1-16.")
                    String lanes,
            @Option(
                            names = "--seed-env",
                            defaultValue = DEFAULT_SEED_ENV,
                            paramLabel = "NAME",
                            description = "Environment variable with the seed; default: ${DEFAULT-VALUE}.")
                    String seedEnv) {
        LaneNumbers numbers = numbers(lanes);
        LaneSeed seed = PayingAccount.seed(console, environment, seedEnv);
        for (long number : numbers.numbers()) {
            Address address = seed.account(number).address();
            say(number + " " + address + " " + LaneNumber.of(address, number).value());
        }
        return 0;
    }

    private LaneNumbers numbers(String text) {
        try {
            return LaneNumbers.parse(text);
        } catch (IllegalArgumentException e) {
            throw console.usage("--lanes " + e.getMessage() + ".");
        }
    }

    private record Deployments(RpcSettings rpc, FeeSettings fees, LaneAccount account) {}

    private static Uni<Deployment> registry(Vertx vertx, Deployments to) {
        RegistryDeployer deployer = new RegistryDeployer(vertx, to.rpc, to.fees, to.account);
        return deployer.deploy().eventually(deployer::close);
    }

    private static Uni<List<Step>> vault(Vertx vertx, Deployments to, VaultTerms terms) {
        VaultDeployer deployer = new VaultDeployer(vertx, to.rpc, to.fees, to.account, terms);
        return deployer.deploy().eventually(deployer::close);
    }

    private int report(List<Step> steps, String variable, Address account, Optional<VaultTerms> terms) {
        Map<String, Address> contracts = new HashMap<>();
        long chain = 0;
        for (Step step : steps) {
            switch (step.outcome()) {
                case Deployment.Deployed(var contract, var id, var inclusion) -> {
                    say("Deployed the " + step.contract() + " in transaction " + inclusion.transaction() + ", block "
                            + inclusion.block().number() + ", for " + inclusion.gasUsed() + " gas.");
                    contracts.put(step.contract(), contract);
                    chain = id;
                }
                case Deployment.AlreadyThere(var contract, var id) -> {
                    say("The " + step.contract() + " is deployed already; nothing was sent.");
                    contracts.put(step.contract(), contract);
                    chain = id;
                }
                case Deployment.Failed(var reason) -> {
                    console.complain("The " + step.contract() + " is not deployed: " + reason + ".");
                    return 1;
                }
            }
        }
        configuration(contracts, chain, variable, account, terms);
        return 0;
    }

    private void configuration(
            Map<String, Address> contracts, long chain, String variable, Address account, Optional<VaultTerms> terms) {
        say("");
        say("openledger:");
        say("  settlement:");
        say("    chain-id: " + chain);
        say("    registry: \"" + contracts.get("registry") + "\"");
        say("    key-env: " + variable);
        terms.ifPresent(vault -> {
            say("    challenge-window: " + vault.window().toSeconds() + "s");
            if (vault.anchorMost().compareTo(ANCHOR_WITHIN) < 0) {
                say("    anchor-within: " + vault.anchorMost().toSeconds() + "s");
            }
            say("  stake:");
            say("    vault: \"" + contracts.get("vault") + "\"");
            say("    key-env: OPENLEDGER_STAKE_KEY # of an account of its own, which answers games");
            say("  # Only if batches are dropped from the database; then at least so long:");
            say("  # retention:");
            say("  #   batch-days: " + keptDays(vault));
            say("");
            say(
                    "Now put stake behind the lane, with openledger stake deposit, and make the vault its gate, with openledger"
                            + " stake gate.");
        });
        say("");
        say("A router with openledger.lane 1 and this key writes lane "
                + LaneNumber.of(account, 1).value() + ".");
    }

    /** Until nothing can be asked for any more; days are whole. */
    private static long keptDays(VaultTerms vault) {
        Duration asked = vault.window().plus(vault.response());
        return asked.plusDays(1).minusSeconds(1).toDays();
    }

    private VaultTerms terms(Path file) {
        try {
            return TermsFile.read(file);
        } catch (IllegalArgumentException e) {
            throw console.usage("No vault takes the terms of " + file + ": " + e.getMessage() + ".");
        } catch (IOException e) {
            throw console.usage("The terms " + file + " cannot be read.");
        }
    }

    private SmallRyeConfig read(Path file) {
        try {
            return ConfiguredDatabase.read(file);
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

    private void say(String text) {
        console.out().println(text);
        console.out().flush();
    }
}
