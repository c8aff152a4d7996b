package openledger.support;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The heap of another Java process, asked with {@code jcmd}. */
public final class JavaHeap {
    private static final Pattern USED = Pattern.compile("used (\\d+)K");
    private static final int LONGEST_SECONDS = 60;
    private static final long KIBI = 1_024;

    private JavaHeap() {}

    /** Collects, then says how many bytes are in use. */
    public static long afterCollection(long pid) throws IOException, InterruptedException {
        ask(pid, "GC.run");
        return used(ask(pid, "GC.heap_info"));
    }

    /** All that is used on the heap, whatever the collector calls its parts; what follows is not heap. */
    static long used(String info) {
        int metaspace = info.indexOf("Metaspace");
        Matcher used = USED.matcher(metaspace < 0 ? info : info.substring(0, metaspace));
        long sum = 0;
        while (used.find()) {
            sum += Long.parseLong(used.group(1)) * KIBI;
        }
        return sum;
    }

    private static String ask(long pid, String command) throws IOException, InterruptedException {
        Process jcmd = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "jcmd").toString(), Long.toString(pid), command)
                .redirectErrorStream(true)
                .start();
        // It says less than a pipe holds, so it can be waited for before it is read.
        if (!jcmd.waitFor(LONGEST_SECONDS, TimeUnit.SECONDS)) {
            jcmd.destroyForcibly();
            throw new IOException("jcmd " + command + " did not end");
        }
        String said = new String(jcmd.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        if (jcmd.exitValue() != 0) {
            throw new IOException("jcmd " + command + " said: " + said);
        }
        return said;
    }
}
