package openledger.cli;

import java.io.PrintWriter;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import openledger.verifier.TerminalText;
import picocli.CommandLine;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;

/** What is printed about a command line that is wrong: a sentence and the example of the command's help. */
final class Misuse {
    private static final String EXAMPLE = "Example:";
    private static final String INDENT = "  ";

    private Misuse() {}

    /**
     * Prints it; returns the exit code. A command without an example prints its whole help.
     *
     * @param arguments the command line, by which a command with several forms knows which one is meant
     */
    static int explain(ParameterException wrong, String... arguments) {
        CommandLine command = wrong.getCommandLine();
        CommandSpec spec = command.getCommandSpec();
        List<String> example = example(spec, arguments);
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

    /** Those of the help, or another line of it that has more of the options that were given. */
    private static List<String> example(CommandSpec spec, String... arguments) {
        List<String> footer = List.of(spec.usageMessage().footer());
        List<String> examples = footer.stream()
                .dropWhile(line -> !line.equals(EXAMPLE))
                .skip(1)
                .takeWhile(line -> line.startsWith(INDENT))
                .toList();
        long most = examples.stream()
                .mapToLong(line -> shared(line, arguments))
                .max()
                .orElse(Long.MAX_VALUE);
        return footer.stream()
                .filter(line -> line.startsWith(INDENT) && shared(line, arguments) > most)
                .max(Comparator.comparingLong(line -> shared(line, arguments)))
                .map(List::of)
                .orElse(examples);
    }

    /** How many of the options that were given a line has. */
    private static long shared(String line, String... arguments) {
        Set<String> has = new HashSet<>(List.of(line.strip().split("[ =]+", -1)));
        return Arrays.stream(arguments)
                .map(argument -> argument.split("=", 2)[0])
                .filter(argument -> argument.startsWith("--") && has.contains(argument))
                .distinct()
                .count();
    }
}
