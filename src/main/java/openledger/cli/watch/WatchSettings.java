package openledger.cli.watch;

import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import openledger.audit.charge.Prosecution;
import openledger.chain.LaneAccount;
import openledger.unit.Address;
import openledger.unit.LaneId;
import openledger.unit.Wei;

/**
 * What an auditor watches, and what it may do.
 *
 * @param lane the lane
 * @param routers who serve its data; any of them may lie, be slow or be away
 * @param routerKey any key of theirs; empty if they serve everybody
 * @param nodes of the chain; what is paid for was tried at the first two
 * @param vault whose fault proofs and games it knows
 * @param isAnswering whether games against the lane are answered for its operator
 * @param account sends and pays; empty if nothing is to be sent
 * @param limits what it may spend
 * @param mostGas most wei for a unit of gas
 * @param first batch that is judged
 * @param firstBlock in which the lane cannot have committed anything before
 * @param sample share of the batches that are read, 0 to 1
 * @param state folder that it keeps its memory in; empty if it keeps none
 * @param promises folder that clients put promises into
 * @param patience how long data may be missing before they are asked for on chain
 * @param poll time between two looks at the chain
 * @param isJson whether each line is an object of JSON
 * @param metricsPort of 127.0.0.1, 0 for any
 */
public record WatchSettings(
        LaneId lane,
        List<URI> routers,
        Optional<String> routerKey,
        List<URI> nodes,
        Address vault,
        boolean isAnswering,
        Optional<LaneAccount> account,
        Prosecution.Limits limits,
        Wei mostGas,
        long first,
        long firstBlock,
        double sample,
        Optional<Path> state,
        Optional<Path> promises,
        Duration patience,
        Duration poll,
        boolean isJson,
        OptionalInt metricsPort) {
    public WatchSettings {
        routers = List.copyOf(routers);
        nodes = List.copyOf(nodes);
    }
}
