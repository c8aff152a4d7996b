package openledger.cli.stake;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.function.Function;
import java.util.function.Supplier;
import openledger.audit.court.Filing;
import openledger.audit.court.Trial;
import openledger.cli.Console;
import openledger.unit.Ether;
import org.jspecify.annotations.Nullable;

/** Sends what moves money or binds a lane: tries it, asks, sends it, and prints what became of it. Confined to one thread. */
final class Mover {
    private final Console console;
    private final Supplier<@Nullable String> answers;

    /**
     * For one command line.
     *
     * @param answers what the user writes; null if nobody does
     */
    Mover(Console console, Supplier<@Nullable String> answers) {
        this.console = console;
        this.answers = answers;
    }

    /** Whether the user is asked before anything is sent. */
    enum Consent {
        /** The question is printed, and only a yes sends it. */
        ASKED,
        /** Given on the command line. */
        GIVEN
    }

    /**
     * One transaction.
     *
     * @param contract who would refuse it, in a word
     * @param question what the user agrees to
     * @param attempt tries it
     * @param why the reason for a refusal, for a person
     * @param file sends it
     */
    record Move(
            String contract,
            String question,
            Supplier<Trial> attempt,
            Function<Trial.Refused, String> why,
            Supplier<Filing> file) {}

    /** The exit code: 0 if it is done, 1 if it is not. */
    int move(Move move, Consent consent) {
        if (move.attempt.get() instanceof Trial.Refused refused) {
            return refuse("The " + move.contract + " would refuse it: " + move.why.apply(refused) + ".");
        }
        if (consent == Consent.ASKED && !agreed(move.question)) {
            return refuse("Nothing was sent.");
        }
        Filing filing = move.file.get();
        console.out().println(told(move.contract, filing));
        console.out().flush();
        return filing instanceof Filing.Done ? 0 : 1;
    }

    /** Prints why nothing is sent; the exit code. */
    int refuse(String reason) {
        console.out().flush();
        console.err().println(reason);
        console.err().flush();
        return 1;
    }

    private static String told(String contract, Filing filing) {
        return switch (filing) {
            case Filing.Done(var transaction, var block, var spent) ->
                "Done in transaction " + transaction + ", block " + block + ", for " + Ether.text(spent) + " of fees.";
            case Filing.Reverted(var transaction, var block, var spent) ->
                "The " + contract + " refused it in transaction " + transaction + ", block " + block + "; "
                        + Ether.text(spent) + " of fees are gone.";
            case Filing.Unsettled(var reason) ->
                "It is not known what became of it: " + reason + ". Look before you try again.";
            case Filing.NotSent(var reason) -> "It was not sent: " + reason + ".";
        };
    }

    private boolean agreed(String question) {
        console.out().print(question + " [y/N] ");
        console.out().flush();
        String answer = answers.get();
        return answer != null && answer.strip().toLowerCase(Locale.ROOT).matches("y|yes");
    }

    /** A line of the standard input. */
    static @Nullable String line() {
        try {
            return new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8)).readLine();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
