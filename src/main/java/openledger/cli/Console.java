package openledger.cli;

import java.io.PrintWriter;
import openledger.verifier.TerminalText;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ParseResult;
import picocli.CommandLine.Spec;

/** Where the command that has this mixed in speaks to its user. */
@Command // what is mixed in has to have something of a command
public final class Console {
    @Spec(Spec.Target.MIXEE)
    private @Nullable CommandSpec spec;

    private @Nullable PrintWriter out;
    private @Nullable PrintWriter err;

    /** For what is printed; no control character passes. */
    public PrintWriter out() {
        PrintWriter known = out;
        if (known == null) {
            known = TerminalText.writer(command().getOut());
            out = known;
        }
        return known;
    }

    /** For what goes wrong; no control character passes. */
    public PrintWriter err() {
        PrintWriter known = err;
        if (known == null) {
            known = TerminalText.writer(command().getErr());
            err = known;
        }
        return known;
    }

    /** For a line of our own words that is written again and again. */
    PrintWriter progress() {
        return command().getErr();
    }

    /** A line for people about what went wrong, in which there may be words of others. */
    void complain(String words) {
        err().println(TerminalText.line(words));
        err().flush();
    }

    /** To be thrown: what is wrong with the command line, which is printed with how the subcommand that was given is used. */
    public ParameterException usage(String message) {
        return new ParameterException(given(command()), TerminalText.line(message));
    }

    private static CommandLine given(CommandLine command) {
        ParseResult parsed = command.getParseResult();
        return parsed != null && parsed.hasSubcommand()
                ? given(parsed.subcommand().commandSpec().commandLine())
                : command;
    }

    private CommandLine command() {
        if (spec == null) {
            throw new IllegalStateException("picocli sets the specification");
        }
        return spec.commandLine();
    }
}
