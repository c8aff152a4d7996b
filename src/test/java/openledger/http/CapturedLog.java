package openledger.http;

import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.logging.Formatter;
import java.util.logging.Handler;
import java.util.logging.LogRecord;
import java.util.logging.Logger;
import org.jboss.logmanager.ExtLogRecord;
import org.jboss.logmanager.Level;
import org.jboss.logmanager.formatters.PatternFormatter;

/** Everything that is logged while it is open, causes included. */
public final class CapturedLog extends Handler implements AutoCloseable {
    private final Logger root = Logger.getLogger("");
    private final Formatter form = new PatternFormatter("%s%e%n");
    private final Queue<String> errors = new ConcurrentLinkedQueue<>();
    private final Queue<String> lines = new ConcurrentLinkedQueue<>();

    public CapturedLog() {
        root.addHandler(this);
    }

    /** What was logged as an error. */
    public String errors() {
        return String.join("", errors);
    }

    /** All of it. */
    public String text() {
        return String.join("", lines);
    }

    @Override
    public void publish(LogRecord line) {
        String text = form.format(ExtLogRecord.wrap(line));
        lines.add(text);
        if (line.getLevel().intValue() >= Level.ERROR.intValue()) {
            errors.add(text);
        }
    }

    @Override
    public void flush() {}

    @Override
    public void close() {
        root.removeHandler(this);
    }
}
