package openledger.cli.stake;

import io.smallrye.mutiny.Uni;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.Supplier;
import openledger.audit.court.Court.LaneStake;
import openledger.audit.court.Trial;
import openledger.chain.LaneAccount;
import openledger.chain.registry.RegistryCalls.LaneAccounts;
import openledger.chain.vault.CourtSettings;
import openledger.chain.vault.LaneGate;
import openledger.chain.vault.VaultContracts;
import openledger.chain.vault.Web3jCourt;
import openledger.cli.Console;
import openledger.cli.NodeCall;
import openledger.cli.stake.Mover.Consent;
import openledger.cli.stake.Mover.Move;
import openledger.commitment.stake.VaultTerms;
import openledger.settlement.ledger.Ledger.LedgerUnavailable;
import openledger.unit.Address;
import openledger.unit.Ether;
import openledger.unit.LaneId;

/** Makes a vault the gate of a lane, or takes the gate away, once its owner knows what that means. Confined to one thread. */
final class GateChange {
    private static final String HOLDS = "GateHolds";

    private final Console console;
    private final ChainOptions chain;
    private final LaneAccount owner;
    private final LaneId lane;
    private final Mover mover;
    private final Consent consent;

    GateChange(Console console, ChainOptions chain, LaneAccount owner, LaneId lane, Mover mover, Consent consent) {
        this.console = console;
        this.chain = chain;
        this.owner = owner;
        this.lane = lane;
        this.mover = mover;
        this.consent = consent;
    }

    /** A vault's terms, and what it has of the lane. */
    private record Behind(VaultTerms terms, LaneStake stake) {}

    /**
     * Makes a vault the gate; the exit code.
     *
     * @throws LedgerUnavailable if no node answers, or there is no vault
     */
    int take(Address vault) {
        CourtSettings settings = chain.settings(console, vault);
        return owned(settings, known -> {
            if (known.gate().equals(vault)) {
                return already("The vault is the gate of lane " + lane.value() + " already");
            }
            Behind behind = behind(settings);
            StakePrinter printer = new StakePrinter(console.out());
            printer.terms(behind.terms);
            printer.behind(behind.stake);
            if (behind.stake.isShort()) {
                return mover.refuse("Nothing was sent: with this gate the lane would stand still, because "
                        + Ether.text(behind.stake.active()) + " are behind it and "
                        + Ether.text(behind.stake.required())
                        + " are required. Put the stake there first: openledger stake deposit.");
            }
            warn(known, settings, behind.terms);
            return set(
                    settings,
                    known,
                    vault,
                    "Make " + vault + " the gate of lane " + lane.value()
                            + "? From then on the lane commits only with what is required behind it, and pays for what is"
                            + " proved against it. The gate lets it go once all stake is out: "
                            + StakePrinter.time(behind.terms.delay()) + " after it was asked for, at the earliest.");
        });
    }

    /**
     * Takes the gate away; the exit code.
     *
     * @throws LedgerUnavailable if no node answers
     */
    int leave() {
        CourtSettings settings = chain.settings(console, LaneGate.NONE);
        return owned(settings, known -> {
            if (known.gate().equals(LaneGate.NONE)) {
                return already("Lane " + lane.value() + " has no gate");
            }
            committing(known);
            return set(
                    settings,
                    known,
                    LaneGate.NONE,
                    "Take the gate " + known.gate() + " away from lane " + lane.value()
                            + "? From then on the lane commits without a stake, and everybody can see that.");
        });
    }

    private int owned(CourtSettings settings, Function<LaneAccounts, Integer> then) {
        Optional<LaneAccounts> known = ask(settings, gate -> gate.lane(lane));
        if (known.isEmpty()) {
            return mover.refuse(
                    "Nobody has opened lane " + lane.value() + " at the registry " + settings.registry() + ".");
        }
        Address theirs = known.get().owner();
        if (!theirs.equals(owner.address())) {
            return mover.refuse("Lane " + lane.value() + " is owned by " + theirs
                    + ", and only that account sets its gate; the" + " key is that of " + owner.address() + ".");
        }
        return then.apply(known.get());
    }

    private int already(String reason) {
        console.out().println(reason + "; nothing was sent.");
        return 0;
    }

    /** A gate alone decides whether it lets the lane go, so a strange one is worse than none. */
    private void warn(LaneAccounts known, CourtSettings settings, VaultTerms terms) {
        Address ours = new VaultContracts(settings.registry(), terms).vault().address();
        if (!ours.equals(settings.vault())) {
            console.out()
                    .println("This program deploys a vault with these terms at " + ours
                            + ". That one is another contract: read its code first, for it may never let the lane go.");
        }
        committing(known);
    }

    private void committing(LaneAccounts known) {
        if (known.committer().equals(known.owner())) {
            console.out()
                    .println("The account commits the lane's batches too. Stop the lane's router first: both would send"
                            + " with the same nonce.");
        }
    }

    private int set(CourtSettings settings, LaneAccounts known, Address gate, String question) {
        Supplier<Trial> attempt = () -> ask(settings, it -> it.attempt(lane, gate));
        return mover.move(
                new Move(
                        "registry",
                        question,
                        attempt,
                        refused -> why(known, refused),
                        () -> ask(settings, it -> it.set(lane, gate))),
                consent);
    }

    private String why(LaneAccounts known, Trial.Refused refused) {
        return refused.error().equals(HOLDS)
                ? "the lane's gate " + known.gate() + " does not let it go. A vault does once all stake is paid out"
                        + " (openledger stake withdraw) and no game is open"
                : refused.reason();
    }

    private Behind behind(CourtSettings settings) {
        return NodeCall.wait(
                vertx -> {
                    Web3jCourt court = new Web3jCourt(vertx, settings, Optional.empty());
                    return court.terms()
                            .chain(terms -> court.stake(lane).map(stake -> new Behind(terms, stake)))
                            .eventually(court::close);
                },
                VaultOptions.LONGEST);
    }

    private <T> T ask(CourtSettings settings, Function<LaneGate, Uni<T>> question) {
        return NodeCall.wait(
                vertx -> {
                    LaneGate gate = new LaneGate(vertx, settings, owner);
                    return question.apply(gate).eventually(gate::close);
                },
                VaultOptions.LONGEST);
    }
}
