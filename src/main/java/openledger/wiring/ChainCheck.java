package openledger.wiring;

import io.smallrye.mutiny.Uni;
import io.vertx.core.Vertx;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import openledger.chain.NodeIdentity;
import openledger.commitment.verify.NodeTestimony;
import openledger.commitment.verify.NodeTestimony.Said;
import openledger.commitment.verify.NodeTestimony.Silent;
import openledger.settlement.ledger.Ledger.LedgerUnavailable;
import openledger.wiring.config.ConfigurationProblem;
import org.jboss.logging.Logger;

/** Holds the nodes of the configuration against the chain it names, before anything is built on them. */
final class ChainCheck {
    private static final String KEY = "openledger.settlement.chain-id";
    private static final Logger LOG = Logger.getLogger(ChainCheck.class);

    private final Vertx vertx;
    private final Duration longestAnswer;
    private final Duration longestCheck;

    /**
     * A check that has an end.
     *
     * @param longestAnswer of a node, more than 0; the check takes at most twice as long, for a node that refuses a batch is
     *     asked again
     */
    ChainCheck(Vertx vertx, Duration longestAnswer) {
        this.vertx = vertx;
        this.longestAnswer = longestAnswer;
        this.longestCheck = longestAnswer.multipliedBy(2);
    }

    /**
     * Asks all nodes at once, and blocks until each has answered or had its time. One that is away is only logged, for
     * decisions can wait.
     *
     * @param nodes 1 or more
     * @throws ConfigurationProblem if some are of another chain; names each of them
     */
    void check(List<URI> nodes, long expected) {
        List<String> problems = new ArrayList<>();
        for (Asked asked : askAll(nodes)) {
            String node = NodeIdentity.shown(asked.node());
            switch (asked.answer()) {
                case Said<Long>(Long chain) -> {
                    if (chain != expected) {
                        problems.add(KEY + ": " + node + " is on chain " + chain + ", not on " + expected);
                    }
                }
                case Silent<Long>(String why) ->
                    LOG.warnf("a node of the chain does not answer yet, node=%s, reason=%s", node, why);
            }
        }
        if (!problems.isEmpty()) {
            throw new ConfigurationProblem(problems);
        }
    }

    private List<Asked> askAll(List<URI> nodes) {
        // Each has its end in time: one for the whole would lose what the others said.
        return Uni.join()
                .all(nodes.stream().map(this::ask).toList())
                .andFailFast()
                .await()
                .indefinitely();
    }

    private Uni<Asked> ask(URI node) {
        return NodeIdentity.chainOf(vertx, node, longestAnswer)
                .<NodeTestimony<Long>>map(Said::new)
                .onFailure(LedgerUnavailable.class)
                .recoverWithItem(why -> new Silent<>(String.valueOf(why.getMessage())))
                .ifNoItem()
                .after(longestCheck)
                .recoverWithItem(() -> new Silent<>("no answer within " + longestCheck.toMillis() + " ms"))
                .map(answer -> new Asked(node, answer));
    }

    private record Asked(URI node, NodeTestimony<Long> answer) {}
}
