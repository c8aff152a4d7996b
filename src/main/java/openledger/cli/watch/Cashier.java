package openledger.cli.watch;

import java.io.IOException;
import java.math.BigInteger;
import java.util.HashSet;
import java.util.Set;
import openledger.audit.charge.Charge;
import openledger.audit.charge.Prosecution.Means;
import openledger.audit.charge.Prosecution.Step;
import openledger.audit.charge.Purse;
import openledger.audit.court.ChainTime;
import openledger.audit.court.Court;
import openledger.audit.court.Filing;
import openledger.commitment.stake.VaultCall;
import openledger.unit.Ether;
import openledger.unit.Wei;

/**
 * Sends what is decided, and keeps the books: what is about to be spent is noted before it is sent. Without an account it prints each call
 * instead. Blocks. Confined to one thread.
 */
final class Cashier {
    private static final long MILLIS = 1_000;
    /** Of whoever only wants to know what would be sent. */
    private static final Wei MONEY = new Wei(BigInteger.TEN.pow(30));

    private final WatchSettings settings;
    private final Court court;
    private final Purse purse;
    private final WatchState state;
    private final WatchReport report;
    private final Set<String> printed = new HashSet<>();

    /** @param court has the account */
    Cashier(WatchSettings settings, Court court, Purse purse, WatchState state, WatchReport report) {
        this.settings = settings;
        this.court = court;
        this.purse = purse;
        this.state = state;
        this.report = report;
    }

    /** What there is. */
    Means means(ChainTime time) {
        Purse.Funds funds = Patience.await(purse.funds());
        return new Means(
                time,
                settings.account().isPresent() ? funds : new Purse.Funds(MONEY, funds.gasPrice()),
                Patience.await(court.bond()),
                state.spent(now()));
    }

    /**
     * What was really spent is known at the end; until then the most of it counts. Whatever was planned before, nothing is sent for which not
     * enough is left by now: what it costs is only known when it is paid.
     */
    Filing send(Step step, String event) throws IOException {
        BigInteger left =
                settings.limits().aDay().value().subtract(state.spent(now()).value());
        if (step.outlay().value().compareTo(left) > 0) {
            return notSent(step, "what may be spent in a day is spent");
        }
        if (!step.charges().isEmpty()
                && Patience.await(purse.funds())
                                .balance()
                                .value()
                                .subtract(settings.limits().reserve().value())
                                .compareTo(step.outlay().value())
                        < 0) {
            return notSent(step, "the account has not enough above its reserve");
        }
        WatchState.Settling settling = state.about(step.outlay(), now());
        String name = name(step.call());
        Filing filing = Patience.await(court.file(step.call(), step.value()));
        switch (filing) {
            case Filing.Done done -> {
                settling.at(step.value().plus(done.spent()));
                report.step(
                        event,
                        name,
                        name + " is in block " + done.block() + ", transaction " + done.transaction() + ", for "
                                + Ether.text(done.spent()) + names(step) + ".",
                        "");
            }
            case Filing.Reverted reverted -> {
                settling.at(reverted.spent());
                report.step(
                        "reverted",
                        name,
                        name + " was refused in block " + reverted.block() + ", transaction " + reverted.transaction()
                                + ".",
                        "");
            }
            case Filing.Unsettled(var reason) -> report.step("unsettled", name, name + ": " + reason + ".", "");
            case Filing.NotSent(var reason) -> {
                settling.at(Wei.ZERO);
                report.step("not_sent", name, name + " was not sent: " + reason + ".", "");
            }
        }
        return filing;
    }

    private Filing notSent(Step step, String reason) {
        String name = name(step.call());
        report.step("not_sent", name, name + " was not sent: " + reason + ".", "");
        return new Filing.NotSent(reason);
    }

    private static long now() {
        return System.currentTimeMillis() / MILLIS;
    }

    private static String names(Step step) {
        return step.charges().isEmpty()
                ? ""
                : "; it settles " + step.charges().stream().map(Charge::name).toList();
    }

    /** Whether this was printed before. */
    boolean hasPrinted(Step step) {
        return printed.contains(key(step));
    }

    private static String key(Step step) {
        return step.charges().isEmpty() ? step.call().hex() : names(step);
    }

    /** Prints what would be sent, once. */
    void print(Step step) {
        String data = step.call().hex();
        if (printed.add(key(step))) {
            String value = step.value().value().signum() == 0
                    ? ""
                    : " --value " + step.value().value();
            report.step(
                    "would_send",
                    name(step.call()),
                    "This would settle it, for about " + Ether.text(step.cost()) + " and a reward of "
                            + Ether.text(step.reward()) + names(step) + ":",
                    "cast send " + settings.vault() + " " + data + value);
        }
    }

    /** What people call it. */
    static String name(VaultCall call) {
        return call.getClass().getSimpleName();
    }
}
