package openledger.cli.watch;

import java.math.BigInteger;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import openledger.audit.charge.Prosecution;
import openledger.chain.LaneAccount;
import openledger.unit.Address;
import openledger.unit.Ether;
import openledger.unit.LaneId;
import openledger.unit.Wei;
import picocli.CommandLine.Option;

/** How a lane is watched, as people say it. */
public final class WatchOptions {
    private static final Wei UNLIMITED = new Wei(BigInteger.TEN.pow(29));
    private static final long GWEI = 1_000_000_000;
    private static final int LARGEST_PORT = 0xffff;

    @Option(
            names = "--watch",
            required = true,
            description = "Follow the lane on its chain until stopped, and print what proves each misroute.")
    private boolean isWatching;

    @Option(
            names = "--rpc",
            required = true,
            paramLabel = "URL",
            description = "A node of the chain; give two, so that nothing is paid for on the word of one.")
    private List<String> nodes = List.of();

    @Option(names = "--vault", required = true, paramLabel = "0x…", description = "The vault that is the lane's gate.")
    private String vault = "";

    @Option(
            names = "--challenge",
            description = "Send the proofs and open the games, with the account of --key-env. Needs --state.")
    private boolean isChallenging;

    @Option(
            names = "--answer",
            description =
                    "Answer games against the lane for its operator: about leaves, plans and outcomes of batches that"
                            + " were read. Sent with --challenge only.")
    private boolean isAnswering;

    @Option(
            names = "--most-ether-a-day",
            paramLabel = "ETHER",
            description = "What may be spent in 24 hours, bonds included. Default: 0.05.")
    private String aDay = "0.05";

    @Option(
            names = "--reserve",
            paramLabel = "ETHER",
            description = "What stays in the account whatever is found. Default: 0.005.")
    private String reserve = "0.005";

    @Option(names = "--at-a-loss", description = "Prove also what costs more than the reporter gets.")
    private boolean isAtALoss;

    @Option(names = "--max-gwei", paramLabel = "N", description = "Maximum gwei per unit of gas. Default: 100.")
    private int mostGwei = 100;

    @Option(names = "--sample", paramLabel = "SHARE", description = "Share of the batches to read, 0 to 1. Default: 1.")
    private double sample = 1;

    @Option(
            names = "--state",
            paramLabel = "DIR",
            description = "Where it remembers what it spent and what it read, for itself alone.")
    private Optional<Path> state = Optional.empty();

    @Option(
            names = "--promises",
            paramLabel = "DIR",
            description = "Where clients put promises: files *.promise with the value of an openledger-promise header.")
    private Optional<Path> promises = Optional.empty();

    @Option(
            names = "--router-key-env",
            paramLabel = "NAME",
            description =
                    "The environment variable that holds any key of the routers, if they serve nobody without one.")
    private Optional<String> routerKey = Optional.empty();

    @Option(names = "--from-block", paramLabel = "N", description = "First block to look at. Default: 0.")
    private long firstBlock;

    @Option(
            names = "--withheld-after",
            paramLabel = "DURATION",
            description = "How long data may be missing before they are asked for on chain. Default: PT1H.")
    private Duration patience = Duration.ofHours(1);

    @Option(
            names = "--poll",
            paramLabel = "DURATION",
            description = "Time between two looks at the chain. Default: PT2S.")
    private Duration poll = Duration.ofSeconds(2);

    @Option(names = "--json", description = "Print each line as an object of JSON.")
    private boolean isJson;

    @Option(
            names = "--metrics-port",
            paramLabel = "PORT",
            description = "Serve figures for Prometheus at 127.0.0.1, 0 for any port.")
    private Optional<Integer> metricsPort = Optional.empty();

    /** Addresses of nodes, as they were given. */
    public List<String> nodes() {
        return nodes;
    }

    /** The environment variable of the routers' key. */
    public Optional<String> routerKey() {
        return routerKey;
    }

    /** Whether anything is to be sent. */
    public boolean isChallenging() {
        return isChallenging;
    }

    /**
     * What these options say.
     *
     * @param lane to watch
     * @param first batch to judge
     * @param routers who serve its data
     * @param routerKey any key of theirs
     * @param nodes of the chain
     * @param account sends, if anything is sent
     * @throws IllegalArgumentException with a reason for people that begins with the option
     */
    public WatchSettings settings(
            LaneId lane,
            long first,
            List<URI> routers,
            Optional<String> routerKey,
            List<URI> nodes,
            Optional<LaneAccount> account) {
        if (!isWatching) {
            throw new IllegalArgumentException("--watch is what the other options are for.");
        }
        if (isChallenging && state.isEmpty()) {
            throw new IllegalArgumentException("--challenge needs --state: what was spent has to outlive the process.");
        }
        if (mostGwei < 1 || firstBlock < 0 || !(sample >= 0 && sample <= 1)) {
            throw new IllegalArgumentException(
                    "--max-gwei must be positive, --from-block not negative, and --sample from 0 to 1.");
        }
        if (patience.isNegative() || poll.toMillis() < 1) {
            throw new IllegalArgumentException(
                    "--withheld-after must not be negative, and --poll at least a millisecond.");
        }
        if (metricsPort.filter(port -> port < 0 || port > LARGEST_PORT).isPresent()) {
            throw new IllegalArgumentException("--metrics-port must be from 0 to 65535.");
        }
        boolean isDry = account.isEmpty();
        return new WatchSettings(
                lane,
                routers,
                routerKey,
                nodes,
                address(),
                isAnswering,
                account,
                new Prosecution.Limits(
                        isDry ? UNLIMITED : ether("--most-ether-a-day", aDay),
                        isDry ? Wei.ZERO : ether("--reserve", reserve),
                        isAtALoss || isDry),
                Wei.of(GWEI).times(mostGwei),
                first,
                firstBlock,
                sample,
                state,
                promises,
                patience,
                poll,
                isJson,
                metricsPort.map(OptionalInt::of).orElseGet(OptionalInt::empty));
    }

    private Address address() {
        try {
            return Address.parse(vault);
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException("--vault must be 0x and 40 hexadecimal digits.", e);
        }
    }

    private static Wei ether(String option, String text) {
        return Ether.parse(text)
                .orElseThrow(() -> new IllegalArgumentException(
                        option + " must be an amount of ether such as 0.05, with at most 18 decimals."));
    }
}
