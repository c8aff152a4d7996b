package openledger.cli;

import java.io.PrintWriter;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** Where the command that has this mixed in speaks to its user. */
@Command // what is mixed in has to have something of a command
final class Console {
    @Spec(Spec.Target.MIXEE)
    private @Nullable CommandSpec spec;

    PrintWriter out() {
        return command().getOut();
    }

    PrintWriter err() {
        return command().getErr();
    }

    /** To be thrown: what is wrong with the command line, which is printed with how it should be. */
    ParameterException usage(String message) {
        return new ParameterException(command(), message);
    }

    private CommandLine command() {
        if (spec == null) {
            throw new IllegalStateException("picocli sets the specification");
        }
        return spec.commandLine();
    }
}
