package openledger.cli;

import java.io.PrintWriter;
import openledger.lab.report.Progress;

/**
 * How far the lab is, on one line that is written again and again; where nobody watches, a line for each part that begins. Safe for
 * several threads.
 */
final class ProgressLine {
    private static final int WIDE = 78;
    private static final int BAR = 20;

    private final PrintWriter to;
    private final boolean isWatched;
    private String part = "";

    ProgressLine(PrintWriter to, boolean isWatched) {
        this.to = to;
        this.isWatched = isWatched;
    }

    /** The line for an experiment. */
    Progress under(String experiment) {
        return (words, done, of) -> show(experiment + ": " + words, done, of);
    }

    private synchronized void show(String words, int done, int of) {
        if (isWatched) {
            int filled = BAR * done / Math.max(1, of);
            String bar = "#".repeat(filled) + ".".repeat(BAR - filled);
            String line = String.format("[%s] %d/%d %s", bar, done, of, words);
            to.print("\r" + (line.length() > WIDE ? line.substring(0, WIDE) : line + " ".repeat(WIDE - line.length())));
        } else if (!words.equals(part)) {
            to.println("  " + words + " ...");
        }
        part = words;
        to.flush();
    }

    /** Makes room for something else. */
    synchronized void clear() {
        if (isWatched) {
            to.print("\r" + " ".repeat(WIDE) + "\r");
            to.flush();
        }
    }
}
