package openledger.chaos.stake;

import java.io.IOException;
import java.net.URI;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import openledger.demo.AnvilNode;
import openledger.demo.ChildProcess;
import openledger.unit.Address;
import openledger.unit.LaneId;

/**
 * A lane that auditors in processes of their own watch and challenge.
 *
 * @param vault behind the lane
 * @param out where logs and states of the auditors go
 */
record AuditedLane(AnvilNode node, Address vault, LaneId lane, Path out) {
    private static final String AUDITOR_KEY = "AUDITOR_KEY";

    /**
     * Starts an auditor that sends what it finds.
     *
     * @param routers that serve the lane
     * @param state its folder
     * @param more options
     */
    ChildProcess audit(String name, List<URI> routers, Path state, List<String> more, Map<String, String> environment)
            throws IOException {
        List<String> arguments = new ArrayList<>(List.of("audit"));
        routers.forEach(router -> arguments.add(router.toString()));
        arguments.addAll(List.of(
                "--watch",
                "--lane",
                Long.toString(lane.value()),
                "--vault",
                vault.toString(),
                "--rpc",
                node.rpc().toString(),
                "--rpc",
                node.rpc().toString().replace("127.0.0.1", "localhost"),
                "--challenge",
                "--key-env",
                AUDITOR_KEY,
                "--most-ether-a-day",
                "3",
                "--poll",
                "PT0.5S",
                "--state",
                state.toString()));
        arguments.addAll(more);
        Map<String, String> all = new HashMap<>(environment);
        all.put(AUDITOR_KEY, AnvilNode.KEYS.get(2));
        return ChildProcess.openledger(name, out, List.of("-Xmx256m"), all, arguments.toArray(String[]::new));
    }
}
