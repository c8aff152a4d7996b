package openledger.cli.watch;

import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import openledger.audit.charge.Charge;
import openledger.audit.charge.Docket;
import openledger.audit.charge.Prosecution;
import openledger.audit.charge.Prosecution.Held;
import openledger.audit.charge.Prosecution.Means;
import openledger.audit.charge.Prosecution.Step;
import openledger.audit.court.ChainTime;
import openledger.audit.court.Court;
import openledger.audit.court.Filing;
import openledger.audit.court.Trial;
import openledger.commitment.stake.ShownLeaf;
import openledger.commitment.stake.VaultCall;
import openledger.unit.Hash32;
import openledger.unit.Wei;

/**
 * Brings charges before the vault: asks the chain what is settled already, tries each call at every node, sends it, and follows it until
 * nothing can take it back. Without an account each call is printed instead. Blocks. Confined to one thread.
 */
final class Prosecutor {
    private static final Set<String> SETTLED = Set.of("PunishedAlready", "GameExists");
    private static final String TOO_LATE = "WindowOver";
    /** What a node says that is behind, or that says nothing: it is asked again. */
    private static final Set<String> NOT_YET = Set.of("NotCommitted", "WrongBond", "TooEarly", "NotDueYet", "");
    /** For a transaction that may still come, s. */
    private static final long IN_FLIGHT = 90;

    private static final long BEHIND = 2;
    /** Charges of which the chain is asked in one round. */
    private static final int MOST_ASKED = 200;

    private static final int MOST_FOLLOWED = 50;
    private static final int MOST_HELD = 100_000;

    private final List<Court> courts;
    private final Cashier cashier;
    private final Prosecution prosecution;
    private final WatchReport report;
    private final boolean sends;
    private final Map<String, String> heldFor = new HashMap<>();
    /** Batches whose leaves did not hold together. */
    private final Set<Hash32> apart = new HashSet<>();

    Prosecutor(List<Court> courts, Cashier cashier, Prosecution prosecution, WatchReport report, boolean sends) {
        this.courts = List.copyOf(courts);
        this.cashier = cashier;
        this.prosecution = prosecution;
        this.report = report;
        this.sends = sends;
    }

    /** Does what can be done now. */
    void round(Docket docket, ChainTime time) throws IOException {
        docket.expire(time.seconds(), prosecution.terms().window());
        if (heldFor.size() > MOST_HELD) {
            heldFor.clear();
        }
        check(docket, time);
        settledByOthers(docket, time);
        Means means = cashier.means(time);
        Prosecution.Plan plan = prosecution.plan(docket.open(), means);
        plan.held().forEach(this::held);
        for (Step step : plan.steps()) {
            for (Step piece : pieces(step, time)) {
                if (Thread.currentThread().isInterrupted()) {
                    return;
                }
                bring(piece, docket, time);
            }
        }
    }

    /** What was sent is followed until nothing can take it back. */
    private void check(Docket docket, ChainTime time) {
        for (Docket.Filed filed : docket.filed().stream().limit(MOST_FOLLOWED).toList()) {
            boolean isThere = isSettled(filed.charge());
            if (isThere && filed.block() != 0 && filed.block() <= time.finalized()) {
                docket.close(filed.charge());
            } else if (!isThere && isOverdue(filed, time)) {
                docket.reopen(filed.charge());
                report.became("reopened", filed.charge(), "what was sent is not on the chain; it is sent again");
            } else if (isThere && filed.block() == 0) {
                docket.filed(filed.charge(), time.latest(), filed.at());
            }
        }
    }

    /** A node may be behind by some blocks. */
    private static boolean isOverdue(Docket.Filed filed, ChainTime time) {
        return filed.block() == 0 ? time.seconds() > filed.at() + IN_FLIGHT : time.latest() > filed.block() + BEHIND;
    }

    /** Whoever was first has the reward. */
    private void settledByOthers(Docket docket, ChainTime time) {
        int asked = 0;
        for (Charge charge : docket.open()) {
            if (asked++ >= MOST_ASKED) {
                return;
            }
            if ((charge.isGame() || charge.punished().isPresent()) && isSettled(charge)) {
                docket.filed(charge, time.latest(), time.seconds());
                report.became("settled", charge, "the vault has it already");
            }
        }
    }

    private boolean isSettled(Charge charge) {
        Court court = courts.getFirst();
        if (charge.call() instanceof VaultCall.Opening opening) {
            return Patience.await(court.game(opening.game())).isPresent();
        }
        Optional<ShownLeaf> punished = charge.punished();
        if (punished.isPresent()) {
            ShownLeaf leaf = punished.get();
            return Patience.await(court.isPunished(
                    charge.lane(),
                    leaf.header().sequence(),
                    leaf.index() - leaf.header().firstIndex()));
        }
        return Patience.await(court.attempt(charge.call(), Wei.ZERO)) instanceof Trial.Refused refused
                && SETTLED.contains(refused.error());
    }

    /** Leaves that did not hold together are tried one by one. */
    private List<Step> pieces(Step step, ChainTime time) {
        if (!(step.call() instanceof VaultCall.ProveLeaves(var leaves))
                || !apart.contains(leaves.getFirst().header().head())) {
            return List.of(step);
        }
        List<Step> pieces = new ArrayList<>();
        for (Charge charge : step.charges()) {
            pieces.addAll(prosecution.plan(List.of(charge), cashier.means(time)).steps());
        }
        return pieces;
    }

    private void bring(Step step, Docket docket, ChainTime time) throws IOException {
        if (!sends && cashier.hasPrinted(step)) {
            return;
        }
        for (Court court : courts) {
            if (Patience.await(court.attempt(step.call(), step.value())) instanceof Trial.Refused refused) {
                refused(step, refused, docket);
                return;
            }
        }
        if (!sends) {
            cashier.print(step);
            return;
        }
        step.charges().forEach(charge -> docket.filed(charge, 0, time.seconds()));
        switch (cashier.send(step, step.value().value().signum() > 0 ? "opened" : "proved")) {
            case Filing.Done done ->
                step.charges().forEach(charge -> docket.filed(charge, done.block(), time.seconds()));
            // It may come yet: the chain is asked.
            case Filing.Unsettled unsettled -> {}
            case Filing.Reverted reverted -> step.charges().forEach(docket::reopen);
            case Filing.NotSent unsent -> step.charges().forEach(docket::reopen);
        }
    }

    private void refused(Step step, Trial.Refused refused, Docket docket) {
        if (step.call() instanceof VaultCall.ProveLeaves(var leaves)) {
            apart.add(leaves.getFirst().header().head());
            return;
        }
        for (Charge charge : step.charges()) {
            if (SETTLED.contains(refused.error()) || refused.error().equals(TOO_LATE)) {
                docket.close(charge);
                report.became("settled", charge, "nothing is left to do: " + refused.reason());
            } else if (!NOT_YET.contains(refused.error()) && docket.refused(charge)) {
                report.withdrawn(charge, "the vault does not take it: " + refused.reason());
            }
        }
    }

    private void held(Held held) {
        if (!held.why().equals(heldFor.put(held.charge().name(), held.why()))) {
            report.became("held", held.charge(), "it waits: " + held.why());
        }
    }
}
