package openledger.support;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import openledger.demo.ChildProcess;

/** {@code openledger verify} in a process of its own. */
public final class VerifyRun {
    private VerifyRun() {}

    public static ChildProcess start(String name, Path logs, Path receipts, List<String> options) throws IOException {
        List<String> arguments = new ArrayList<>(List.of("verify", receipts.toString()));
        arguments.addAll(options);
        return ChildProcess.openledger(name, logs, List.of("-Xmx512m"), Map.of(), arguments.toArray(String[]::new));
    }
}
