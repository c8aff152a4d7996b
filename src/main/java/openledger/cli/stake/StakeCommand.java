package openledger.cli.stake;

import io.smallrye.mutiny.Uni;
import java.math.BigInteger;
import java.util.Optional;
import java.util.function.Supplier;
import java.util.function.UnaryOperator;
import openledger.audit.court.Court;
import openledger.audit.court.LaneGuard;
import openledger.audit.court.StakeView;
import openledger.audit.court.StakeWatch;
import openledger.audit.court.Trial;
import openledger.chain.LaneAccount;
import openledger.cli.Console;
import openledger.cli.account.PayingAccount;
import openledger.cli.stake.Mover.Consent;
import openledger.cli.stake.Mover.Move;
import openledger.commitment.stake.StakePosition;
import openledger.commitment.stake.VaultCall;
import openledger.commitment.stake.VaultTerms;
import openledger.settlement.ledger.Ledger.LedgerUnavailable;
import openledger.unit.Address;
import openledger.unit.Ether;
import openledger.unit.LaneId;
import openledger.unit.Wei;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** What is at risk for a lane. Long because all that moves the money is read together. */
@Command(
        name = "stake",
        mixinStandardHelpOptions = true,
        description = "Show what is at risk for a lane, put it there or take it out, and set the lane's gate.",
        footer = {
            "Anybody may stand behind a lane: what you deposit is yours, and is lost with the lane's own if the lane is proved wrong.",
            "It earns nothing. What leaves stays at risk until the terms' delay is over.",
            "Exit codes: 0 done; 1 not done, and why; 2 wrong usage."
        })
public final class StakeCommand {
    private static final String KEY = "OPENLEDGER_STAKE_KEY";
    /** A router opens its lane with this account, so it is the owner until the lane is handed over. */
    private static final String OWNER_KEY = "OPENLEDGER_LANE_KEY";

    private static final String DEPOSIT = "deposit";
    private static final String NOTHING = "Nothing";

    @Mixin
    private final Console console = new Console();

    private final UnaryOperator<@Nullable String> environment;
    private final Supplier<@Nullable String> answers;

    /** The command as people use it. */
    public StakeCommand() {
        this(System::getenv, Mover::line);
    }

    /** With another environment, and another who answers questions. */
    StakeCommand(UnaryOperator<@Nullable String> environment, Supplier<@Nullable String> answers) {
        this.environment = environment;
        this.answers = answers;
    }

    /** What all that moves money takes. */
    static final class Moved {
        @Option(names = "--lane", required = true, paramLabel = "N", description = "The lane.")
        private long lane;

        @Option(
                names = "--key-env",
                defaultValue = KEY,
                paramLabel = "NAME",
                description = "Environment variable with the private key of your account; default: ${DEFAULT-VALUE}.")
        private String variable = KEY;

        @Option(names = "--yes", description = "Do not ask.")
        private boolean yes;

        private Consent consent() {
            return consent(yes);
        }

        private static Consent consent(boolean yes) {
            return yes ? Consent.GIVEN : Consent.ASKED;
        }
    }

    @Command(
            name = "terms",
            mixinStandardHelpOptions = true,
            description = "Show the terms of a vault: amounts, times, and what each fault costs. They never change.",
            footer = {"Example:", "  openledger stake terms --vault 0x... --chain-id 10 --rpc https://..."})
    int terms(@Mixin VaultOptions vault) {
        return reported(() -> {
            VaultTerms terms = vault.ask(console, Optional.empty(), Court::terms);
            new StakePrinter(console.out()).terms(terms);
            return 0;
        });
    }

    @Command(
            name = "status",
            mixinStandardHelpOptions = true,
            description =
                    "Show what stands behind a lane: active and required stake, what leaves, open games, penalties.",
            footer = {
                "Example:",
                "  openledger stake status --lane 7 --vault 0x... --chain-id 10 --rpc https://...",
                "",
                "Games and penalties are those of thirty days, or as long as a game may last. On a chain with many blocks that takes some",
                "seconds. The members of --json are those of GET /v1/stake of a router, with the lane, and the position of --staker."
            })
    int status(
            @Mixin VaultOptions vault,
            @Option(names = "--lane", required = true, paramLabel = "N", description = "The lane.") long lane,
            @Option(names = "--staker", paramLabel = "ADDRESS", description = "Show what this account has of it, too.")
                    Optional<String> staker,
            @Option(names = "--json", description = "Print one JSON object.") boolean json) {
        LaneId id = lane(lane);
        Optional<Address> who = staker.map(text -> VaultOptions.address(console, "--staker", text));
        return reported(() -> {
            Standing standing = vault.ask(console, Optional.empty(), court -> Standing.of(court, id, who));
            LaneGuard guard = standing.view.stake().guard();
            if (guard instanceof LaneGuard.NoLane) {
                return mover().refuse("Nothing can be behind the lane: " + guard.words(id) + ".");
            }
            StakePrinter printer = new StakePrinter(console.out());
            if (json) {
                printer.json(id, standing.view, standing.position);
            } else {
                printer.standing(id, standing.view, standing.position);
            }
            return 0;
        });
    }

    @Command(
            name = DEPOSIT,
            mixinStandardHelpOptions = true,
            description = "Put money behind a lane.",
            footer = {
                "Example:",
                "  OPENLEDGER_STAKE_KEY=0x... openledger stake deposit --lane 7 --ether 0.5 --vault 0x... --chain-id 10 --rpc https://..."
            })
    int deposit(
            @Mixin VaultOptions vault,
            @Mixin Moved moved,
            @Option(names = "--ether", required = true, paramLabel = "AMOUNT", description = "How much.") String ether,
            @Option(
                            names = "--before-gate",
                            description = "With --yes: also if the vault is not the lane's gate, or not yet.")
                    boolean isBeforeGate) {
        LaneId lane = lane(moved.lane);
        Wei amount = amount(ether);
        LaneAccount account = PayingAccount.of(console, environment, moved.variable);
        return reported(() -> {
            Held held = vault.ask(console, Optional.of(account), court -> Held.of(court, lane, account.address()));
            LaneGuard guard = held.stake().guard();
            if (guard instanceof LaneGuard.NoLane) {
                return mover().refuse("Nothing was sent: " + guard.words(lane) + ".");
            }
            new StakePrinter(console.out()).terms(held.terms());
            if (!guard.isThisVault()) {
                console.out()
                        .println("Careful: " + guard.words(lane)
                                + ". What you put there can be lost, but the lane does not"
                                + " need it until its owner makes this vault its gate.");
                if (moved.yes && !isBeforeGate) {
                    return mover().refuse("Nothing was sent: with --yes, say with --before-gate that you mean it.");
                }
            }
            String question = "Put " + Ether.text(amount) + " of " + account.address() + " behind lane " + lane.value()
                    + "? It can be lost, and what leaves stays at risk for "
                    + StakePrinter.time(held.terms().delay()) + ".";
            return move(vault, account, moved, question, new VaultCall.Deposit(lane), amount);
        });
    }

    @Command(
            name = "withdraw",
            mixinStandardHelpOptions = true,
            description = "Let money leave a lane, or take what has left.",
            footer = {
                "Example:",
                "  openledger stake withdraw --lane 7 --ether 0.5 --vault 0x... --chain-id 10 --rpc https://...",
                "  openledger stake withdraw --lane 7 --pay-out --vault 0x... --chain-id 10 --rpc https://...",
                "",
                "Asking again begins the delay anew for all that leaves. Below what is required the lane commits no more."
            })
    int withdraw(
            @Mixin VaultOptions vault,
            @Mixin Moved moved,
            @Option(names = "--ether", paramLabel = "AMOUNT", description = "How much is to leave.")
                    Optional<String> ether,
            @Option(names = "--all", description = "All is to leave.") boolean all,
            @Option(names = "--pay-out", description = "Take what has left.") boolean payOut,
            @Option(
                            names = "--to",
                            paramLabel = "ADDRESS",
                            description = "Who gets it, with --pay-out; default: your account.")
                    Optional<String> to) {
        int given = (ether.isPresent() ? 1 : 0) + (all ? 1 : 0) + (payOut ? 1 : 0);
        if (given == 0) {
            throw console.usage(
                    "Say how much is to leave, with --ether or --all, or take what has left, with --pay-out.");
        }
        if (given > 1) {
            throw console.usage("Only one of --ether, --all and --pay-out can be given at a time.");
        }
        LaneId lane = lane(moved.lane);
        Optional<Wei> amount = ether.map(this::amount);
        LaneAccount account = PayingAccount.of(console, environment, moved.variable);
        Address receiver =
                to.map(text -> VaultOptions.address(console, "--to", text)).orElse(account.address());
        return reported(() -> payOut
                ? move(
                        vault,
                        account,
                        moved,
                        "Pay out to " + receiver + " what has left lane " + lane.value() + "?",
                        new VaultCall.Withdraw(lane, receiver),
                        Wei.ZERO)
                : leave(vault, account, moved, lane, amount));
    }

    private int leave(VaultOptions vault, LaneAccount account, Moved moved, LaneId lane, Optional<Wei> amount) {
        Held held = vault.ask(console, Optional.of(account), court -> Held.of(court, lane, account.address()));
        BigInteger shares = amount.map(held::shares).orElse(held.position().shares());
        if (shares.signum() == 0 || shares.compareTo(held.position().shares()) > 0) {
            return mover().refuse(account.address() + " has " + Ether.text(held.worth()) + " that stays with lane "
                    + lane.value()
                    + (held.stake().gated() ? "" : "; " + held.stake().guard().words(lane)) + ".");
        }
        String question = "Let " + amount.map(Ether::text).orElseGet(() -> Ether.text(held.worth()))
                + " leave lane " + lane.value() + "? It is paid out after "
                + StakePrinter.time(held.terms().delay()) + ", and can be lost until then."
                + held.meaning(lane, shares);
        return move(vault, account, moved, question, new VaultCall.AskWithdrawal(lane, shares), Wei.ZERO);
    }

    @Command(
            name = "claim",
            mixinStandardHelpOptions = true,
            description = "Take your rewards and bonds.",
            footer = {"Example:", "  openledger stake claim --lane 7 --vault 0x... --chain-id 10 --rpc https://..."})
    int claim(
            @Mixin VaultOptions vault,
            @Mixin Moved moved,
            @Option(names = "--to", paramLabel = "ADDRESS", description = "Who gets them; default: your account.")
                    Optional<String> to) {
        LaneAccount account = PayingAccount.of(console, environment, moved.variable);
        Address receiver =
                to.map(text -> VaultOptions.address(console, "--to", text)).orElse(account.address());
        return reported(() -> {
            Wei credit = vault.ask(console, Optional.of(account), court -> court.credit(account.address()));
            String question = "Pay out " + Ether.text(credit) + " to " + receiver + "?";
            return move(vault, account, moved, question, new VaultCall.Claim(receiver), Wei.ZERO);
        });
    }

    @Command(
            name = "gate",
            mixinStandardHelpOptions = true,
            description =
                    "Make a vault the gate of your lane, or leave it. The lane commits only with enough behind it then.",
            footer = {
                "Example:",
                "  OPENLEDGER_LANE_KEY=0x... openledger stake gate --lane 7 --vault 0x... --chain-id 10 --rpc https://...",
                "  OPENLEDGER_LANE_KEY=0x... openledger stake gate --lane 7 --leave --chain-id 10 --rpc https://...",
                "",
                "By the owner of the lane. It is refused while less is behind the lane than the vault requires: the lane would",
                "stand still. The gate lets the lane go once all stake is out."
            })
    int gate(
            @ArgGroup(multiplicity = "1") Gate gate,
            @Mixin ChainOptions chain,
            @Option(names = "--lane", required = true, paramLabel = "N", description = "The lane.") long number,
            @Option(
                            names = "--key-env",
                            defaultValue = OWNER_KEY,
                            paramLabel = "NAME",
                            description =
                                    "Environment variable with the private key of the lane's owner; default: ${DEFAULT-VALUE}.")
                    String variable,
            @Option(names = "--yes", description = "Do not ask.") boolean yes) {
        LaneId lane = lane(number);
        Optional<Address> vault = gate.vault.map(text -> VaultOptions.address(console, "--vault", text));
        LaneAccount owner = PayingAccount.of(console, environment, variable);
        GateChange change = new GateChange(console, chain, owner, lane, mover(), Moved.consent(yes));
        return reported(() -> gate.isLeft ? change.leave() : change.take(vault.orElseThrow()));
    }

    /** What becomes of the gate. */
    static final class Gate {
        @Option(
                names = "--vault",
                required = true,
                paramLabel = "ADDRESS",
                description = "The vault that becomes the lane's gate, 0x....")
        private Optional<String> vault = Optional.empty();

        @Option(names = "--leave", required = true, description = "Take the lane's gate away.")
        private boolean isLeft;
    }

    /** How a lane stands, and what one staker has of it. */
    private record Standing(StakeView view, Optional<StakePosition> position) {
        private static Uni<Standing> of(Court court, LaneId lane, Optional<Address> staker) {
            Uni<Optional<StakePosition>> position = staker.map(
                            who -> court.position(lane, who).map(Optional::of))
                    .orElseGet(() -> Uni.createFrom().item(Optional.empty()));
            return new StakeWatch(court, lane).step().chain(view -> position.map(known -> new Standing(view, known)));
        }
    }

    private int move(VaultOptions vault, LaneAccount account, Moved moved, String question, VaultCall call, Wei value) {
        Wei balance = vault.funds(console, account.address()).balance();
        if (balance.compareTo(value) <= 0) {
            return mover().refuse("Nothing was sent: account " + account.address() + " has " + Ether.text(balance)
                    + ", and needs " + (value.equals(Wei.ZERO) ? "" : Ether.text(value) + " and ") + "the fee.");
        }
        Optional<LaneAccount> ours = Optional.of(account);
        return mover().move(
                        new Move(
                                "vault",
                                question,
                                () -> vault.ask(console, ours, court -> court.attempt(call, value)),
                                refused -> why(call, account.address(), refused),
                                () -> vault.ask(console, ours, court -> court.file(call, value))),
                        moved.consent());
    }

    /** The vault has one word for all that is not there. */
    private static String why(VaultCall call, Address account, Trial.Refused refused) {
        if (!refused.error().equals(NOTHING)) {
            return refused.reason();
        }
        return switch (call) {
            case VaultCall.Withdraw(var lane, var to) ->
                account + " has nothing that leaves lane " + lane.value() + ", or open games hold all of it";
            case VaultCall.Claim claim -> account + " has no rewards and no bonds there";
            default -> refused.reason();
        };
    }

    private Mover mover() {
        return new Mover(console, answers);
    }

    private int reported(Supplier<Integer> work) {
        try {
            int code = work.get();
            console.out().flush();
            return code;
        } catch (LedgerUnavailable e) {
            return mover().refuse("The vault cannot be asked: " + e.getMessage() + ".");
        }
    }

    private LaneId lane(long number) {
        if (number < 1) {
            throw console.usage("--lane must be a positive number.");
        }
        return new LaneId(number);
    }

    private Wei amount(String text) {
        Wei amount = Ether.parse(text)
                .orElseThrow(() -> console.usage("--ether must be an amount such as 0.5, with at most 18 decimals."));
        if (amount.equals(Wei.ZERO)) {
            throw console.usage("--ether must be more than 0.");
        }
        return amount;
    }
}
