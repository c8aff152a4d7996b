package openledger.cli.stake;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import openledger.chain.LaneAccount;
import openledger.chain.LocalChain;
import openledger.chain.RpcSettings;
import openledger.chain.Web3jLedger;
import openledger.chain.vault.CourtSettings;
import openledger.chain.vault.VaultPurse;
import openledger.chain.vault.Web3jCourt;
import openledger.demo.AnvilNode;
import openledger.support.LocalVault;
import openledger.support.StakedLane;
import openledger.unit.Address;
import openledger.unit.Wei;
import picocli.CommandLine;

/** Runs {@code openledger stake} against a real chain with a lane of one batch and a vault that is not its gate. Confined to one thread. */
final class StakeShell implements AutoCloseable {
    static final String LANE = Long.toString(LocalChain.LANE.value());
    private static final Map<String, String> ENVIRONMENT = Map.of(
            "OPENLEDGER_STAKE_KEY",
            AnvilNode.KEYS.get(1),
            "OPENLEDGER_LANE_KEY",
            AnvilNode.KEYS.getFirst(),
            "NO_KEY",
            "0123456789secret");

    final LocalChain chain;
    final Address vault;

    StakeShell(Path folder) throws IOException, InterruptedException {
        chain = new LocalChain(folder);
        Web3jLedger ledger = chain.ledger();
        try {
            new StakedLane(chain, ledger).commit(StakedLane.fast(1));
        } finally {
            ledger.close();
        }
        vault = LocalVault.deploy(chain.node, chain.registry, LocalVault.TERMS);
    }

    /** What was printed, and the exit code. */
    record Ran(int code, String out, String err) {}

    JsonNode status() {
        try {
            return new ObjectMapper().readTree(run("", "status", "--lane", LANE, "--json").out);
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    /** With the vault and how it is reached, and {@code answer} to what is asked. */
    Ran run(String answer, String... arguments) {
        List<String> all = new ArrayList<>(List.of(arguments));
        all.addAll(List.of("--vault", vault.toString()));
        return reached(answer, all);
    }

    /** The vault, without an account. */
    Web3jCourt court() {
        return new Web3jCourt(
                chain.vertx,
                new CourtSettings(
                        rpc(), chain.registry, vault, LocalChain.FEES, Duration.ofSeconds(5), Duration.ofSeconds(20)),
                Optional.empty());
    }

    /** What the staker has. */
    Wei balance() {
        Address staker = LaneAccount.of(AnvilNode.KEYS.get(1)).address();
        try (VaultPurse purse = new VaultPurse(chain.vertx, rpc(), staker)) {
            return LocalChain.await(purse.funds()).balance();
        }
    }

    private RpcSettings rpc() {
        return RpcSettings.of(List.of(chain.node.rpc()), OptionalLong.of(AnvilNode.CHAIN_ID), Duration.ofSeconds(5));
    }

    /** With how the vault is reached, but without it. */
    Ran reached(String answer, List<String> arguments) {
        return onChain(Long.toString(AnvilNode.CHAIN_ID), answer, arguments);
    }

    /** As if the node had to be of that chain. */
    Ran onChain(String chainId, String answer, List<String> arguments) {
        List<String> all = new ArrayList<>(arguments);
        all.addAll(List.of(
                "--chain-id", chainId, "--rpc", chain.node.rpc().toString(), "--registry", chain.registry.toString()));
        StringWriter out = new StringWriter();
        StringWriter err = new StringWriter();
        CommandLine line = new CommandLine(new StakeCommand(ENVIRONMENT::get, () -> answer));
        line.setOut(new PrintWriter(out));
        line.setErr(new PrintWriter(err));
        return new Ran(line.execute(all.toArray(String[]::new)), out.toString(), err.toString());
    }

    @Override
    public void close() throws IOException {
        chain.close();
    }
}
