package openledger.cli.stake;

import io.smallrye.mutiny.Uni;
import java.time.Duration;
import java.util.Optional;
import java.util.function.Function;
import openledger.audit.charge.Purse;
import openledger.audit.court.Court;
import openledger.chain.LaneAccount;
import openledger.chain.vault.CourtSettings;
import openledger.chain.vault.VaultPurse;
import openledger.chain.vault.Web3jCourt;
import openledger.cli.Console;
import openledger.cli.NodeCall;
import openledger.settlement.ledger.Ledger.LedgerUnavailable;
import openledger.unit.Address;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Which vault, and how it is reached. */
@Command // what is mixed in has to have something of a command
final class VaultOptions {
    static final Duration LONGEST = Duration.ofMinutes(5);

    @Option(names = "--vault", required = true, paramLabel = "ADDRESS", description = "The vault, 0x....")
    private String vault = "";

    @Mixin
    private final ChainOptions chain = new ChainOptions();

    /**
     * Asks a vault, with an account or without, and waits for what comes of it.
     *
     * @throws LedgerUnavailable if no node answers
     */
    <T> T ask(Console console, Optional<LaneAccount> account, Function<Court, Uni<T>> question) {
        CourtSettings settings = chain.settings(console, address(console, "--vault", vault));
        return NodeCall.wait(
                vertx -> {
                    Web3jCourt court = new Web3jCourt(vertx, settings, account);
                    return question.apply(court).eventually(court::close);
                },
                LONGEST);
    }

    /**
     * What an account has on the vault's chain.
     *
     * @throws LedgerUnavailable if no node answers
     */
    Purse.Funds funds(Console console, Address account) {
        CourtSettings settings = chain.settings(console, address(console, "--vault", vault));
        return NodeCall.wait(
                vertx -> {
                    VaultPurse purse = new VaultPurse(vertx, settings.rpc(), account);
                    return purse.funds().eventually(purse::close);
                },
                LONGEST);
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
