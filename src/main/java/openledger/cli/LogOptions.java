package openledger.cli;

import java.util.List;
import java.util.Optional;
import openledger.commitment.log.NoteKey;
import openledger.commitment.verify.LogPins;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** Options that name a log and its witnesses. */
@Command // what is mixed in has to have something of a command
final class LogOptions {
    @Option(
            names = "--log-key",
            paramLabel = "KEY",
            description = "The key of the log, as its operator has published it: <name>+<id>+<key>. For COSE and"
                    + " tlog-proof, and for all with --witness.")
    private Optional<String> key = Optional.empty();

    @Option(
            names = "--witness",
            paramLabel = "KEY",
            description = "The key of a witness that you trust, <name>+<id>+<key>; can be given several times.")
    private List<String> witnesses = List.of();

    @Option(
            names = "--witness-quorum",
            paramLabel = "K",
            description = "How many of the named witnesses must have cosigned. Default: all of them.")
    private Optional<Integer> quorum = Optional.empty();

    /** What was named; a mistake is wrong usage. */
    LogPins pins(Console console) {
        Optional<NoteKey> log = key.map(text -> key(text, NoteKey.Kind.NOTE, console));
        List<NoteKey> named = witnesses.stream()
                .map(text -> key(text, NoteKey.Kind.COSIGNATURE, console))
                .toList();
        if (quorum.isPresent() && (quorum.get() < 1 || quorum.get() > named.size())) {
            throw console.usage("--witness-quorum must be 1 to the number of --witness.");
        }
        try {
            return new LogPins(log, named, quorum.orElse(named.size()));
        } catch (IllegalArgumentException twice) {
            throw console.usage("--witness: " + twice.getMessage() + ".");
        }
    }

    private static NoteKey key(String text, NoteKey.Kind kind, Console console) {
        boolean isLog = kind == NoteKey.Kind.NOTE;
        String wanted = isLog ? "--log-key must be the key of a log" : "--witness must be the key of a witness";
        NoteKey key;
        try {
            key = NoteKey.parse(text.strip());
        } catch (IllegalArgumentException none) {
            throw console.usage(wanted + ", <name>+<id>+<key>: " + none.getMessage() + ".");
        }
        if (key.kind() != kind) {
            throw console.usage(wanted + "; this is the key of a " + (isLog ? "witness" : "log") + ".");
        }
        return key;
    }
}
