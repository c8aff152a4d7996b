package openledger.cli.stake;

import java.math.BigInteger;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import openledger.chain.FeeSettings;
import openledger.chain.RpcSettings;
import openledger.chain.vault.CourtSettings;
import openledger.cli.Console;
import openledger.cli.NodeCall;
import openledger.commitment.verify.RegistryCode;
import openledger.unit.Address;
import openledger.unit.Wei;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** On which chain a vault is, and how it is reached. */
@Command // what is mixed in has to have something of a command
final class ChainOptions {
    private static final Duration TIMEOUT = Duration.ofSeconds(10);
    private static final Duration SYNC_WAIT = Duration.ofSeconds(5);
    private static final Duration PATIENCE = Duration.ofMinutes(3);
    private static final int IN_FLIGHT = 32;
    private static final BigInteger WEI_A_GWEI = BigInteger.valueOf(1_000_000_000);
    private static final Wei L1_CAP = new Wei(BigInteger.TEN.pow(17));

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

    /** How that vault is reached; wrong usage if an option is no such thing. */
    CourtSettings settings(Console console, Address vault) {
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
                registry.map(text -> VaultOptions.address(console, "--registry", text))
                        .orElse(RegistryCode.ADDRESS),
                vault,
                FeeSettings.upTo(new Wei(WEI_A_GWEI.multiply(BigInteger.valueOf(mostGwei))), L1_CAP),
                SYNC_WAIT,
                PATIENCE);
    }
}
