package openledger.cli.stake;

import io.smallrye.mutiny.Uni;
import io.vertx.core.Vertx;
import java.math.BigInteger;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.function.Function;
import java.util.function.UnaryOperator;
import openledger.audit.court.Court;
import openledger.chain.FeeSettings;
import openledger.chain.LaneAccount;
import openledger.chain.RpcSettings;
import openledger.chain.vault.CourtSettings;
import openledger.chain.vault.Web3jCourt;
import openledger.cli.Console;
import openledger.cli.NodeCall;
import openledger.commitment.verify.RegistryCode;
import openledger.settlement.ledger.Ledger.LedgerUnavailable;
import openledger.unit.Address;
import openledger.unit.Wei;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** Which vault, on which chain, and how it is reached. */
@Command // what is mixed in has to have something of a command
final class VaultOptions {
    private static final Duration TIMEOUT = Duration.ofSeconds(10);
    private static final Duration SYNC_WAIT = Duration.ofSeconds(5);
    private static final Duration PATIENCE = Duration.ofMinutes(3);
    private static final Duration LONGEST = Duration.ofMinutes(5);
    private static final int IN_FLIGHT = 32;
    private static final BigInteger WEI_A_GWEI = BigInteger.valueOf(1_000_000_000);
    private static final Wei L1_CAP = new Wei(BigInteger.TEN.pow(17));

    @Option(names = "--vault", required = true, paramLabel = "ADDRESS", description = "The vault, 0x....")
    private String vault = "";

    @Option(
            names = "--rpc",
            required = true,
            paramLabel = "URL",
            description = "JSON-RPC address of a node; can be given several times, the preferred one first.")
    private List<String> rpc = List.of();

    @Option(names = "--chain-id", required = true, paramLabel = "N", description = "The chain that nodes must be on.")
    private long chainId;

    @Option(
            names = "--registry",
            paramLabel = "ADDRESS",
            description = "The registry that the vault must be for; default: the one that ships with this program.")
    private Optional<String> registry = Optional.empty();

    @Option(
            names = "--max-gwei",
            defaultValue = "100",
            paramLabel = "N",
            description = "Maximum gwei per unit of gas; default: ${DEFAULT-VALUE}.")
    private int mostGwei;

    /**
     * Asks a vault, with an account or without, and waits for what comes of it.
     *
     * @throws LedgerUnavailable if no node answers
     */
    <T> T ask(Console console, Optional<LaneAccount> account, Function<Court, Uni<T>> question) {
        CourtSettings settings = settings(console);
        return NodeCall.wait(
                vertx -> {
                    Web3jCourt court = open(vertx, settings, account);
                    return question.apply(court).eventually(court::close);
                },
                LONGEST);
    }

    private static Web3jCourt open(Vertx vertx, CourtSettings settings, Optional<LaneAccount> account) {
        return new Web3jCourt(vertx, settings, account);
    }

    /** The account that an environment variable has the key of: an argument could be read by anybody on the machine. */
    static LaneAccount account(Console console, UnaryOperator<@Nullable String> environment, String variable) {
        String key = environment.apply(variable);
        if (key == null || key.isBlank()) {
            throw console.usage("The environment variable " + variable
                    + " is not set; it must hold the private key of the account that has the money.");
        }
        try {
            return LaneAccount.of(key);
        } catch (IllegalArgumentException e) {
            throw console.usage(
                    "The environment variable " + variable + " must hold a private key of 64 hexadecimal digits.");
        }
    }

    private CourtSettings settings(Console console) {
        if (chainId < 1) {
            throw console.usage("--chain-id must be a positive number.");
        }
        if (mostGwei < 1) {
            throw console.usage("--max-gwei must be a positive number.");
        }
        List<URI> nodes =
                rpc.stream().flatMap(text -> NodeCall.address(text).stream()).toList();
        if (nodes.size() != rpc.size()) {
            throw console.usage("--rpc must be the http or https address of a node.");
        }
        return new CourtSettings(
                RpcSettings.of(nodes, OptionalLong.of(chainId), TIMEOUT, IN_FLIGHT),
                registry.map(text -> address(console, "--registry", text)).orElse(RegistryCode.ADDRESS),
                address(console, "--vault", vault),
                FeeSettings.upTo(new Wei(WEI_A_GWEI.multiply(BigInteger.valueOf(mostGwei))), L1_CAP),
                SYNC_WAIT,
                PATIENCE);
    }

    /** An address, or wrong usage. */
    static Address address(Console console, String option, String text) {
        try {
            return Address.parse(text);
        } catch (IllegalArgumentException none) {
            throw console.usage(option + " must be 0x and 40 hexadecimal digits.");
        }
    }
}
