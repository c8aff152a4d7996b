package openledger.cli;

import java.io.PrintWriter;
import java.util.Arrays;
import java.util.List;
import openledger.verifier.TerminalText;
import picocli.CommandLine;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;

/** What is printed about a command line that is wrong: a sentence and the example of the command's help. */
final class Misuse {
    private static final String EXAMPLE = "Example:";
    private static final String INDENT = "  ";

    private Misuse() {}

    /** Prints it; returns the exit code. A command without an example prints its whole help. */
    static int explain(ParameterException wrong) {
        CommandLine command = wrong.getCommandLine();
        CommandSpec spec = command.getCommandSpec();
        List<String> example = example(spec);
        PrintWriter terminal = TerminalText.writer(command.getErr());
        terminal.println(TerminalText.line(sentence(String.valueOf(wrong.getMessage()))));
        if (example.isEmpty()) {
            command.usage(terminal);
        } else {
            terminal.println(EXAMPLE);
            example.forEach(terminal::println);
            terminal.println("All options: " + spec.qualifiedName() + " --help");
        }
        terminal.flush();
        return spec.exitCodeOnInvalidInput();
    }

    private static String sentence(String message) {
        return message.endsWith(".") ? message : message + ".";
    }

    private static List<String> example(CommandSpec spec) {
        return Arrays.stream(spec.usageMessage().footer())
                .dropWhile(line -> !line.equals(EXAMPLE))
                .skip(1)
                .takeWhile(line -> line.startsWith(INDENT))
                .toList();
    }
}
