package openledger.cli.reconcile;

/** A file that is no usage export, or none that anything can be concluded from; the message is a sentence for people without its full stop. */
public final class UnreadableExport extends Exception {
    UnreadableExport(String why) {
        super(why);
    }

    UnreadableExport(String why, Throwable cause) {
        super(why, cause);
    }

    /** The same, at a line of the file. */
    static UnreadableExport at(long line, String why) {
        return new UnreadableExport("line " + line + ": " + why);
    }
}
