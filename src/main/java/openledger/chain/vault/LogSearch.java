package openledger.chain.vault;

import com.fasterxml.jackson.databind.JsonNode;
import io.smallrye.mutiny.Uni;
import java.util.ArrayList;
import java.util.List;
import openledger.chain.ChainNode;
import openledger.chain.rpc.NodeAnswers.OfTree;
import openledger.chain.rpc.NodeValue;
import openledger.settlement.ledger.Ledger.LedgerUnavailable;
import openledger.unit.Address;
import openledger.unit.Hash32;

/**
 * Finds events of a contract. Nodes allow so many blocks or so many events for a question, each another number: so it asks in ranges, and
 * in half of one where it is refused. Thread-safe.
 */
final class LogSearch {
    private static final long MOST_BLOCKS = 2_000;
    /** Of one search, so that a contract that everybody may call cannot fill the memory. */
    private static final int MOST_EVENTS = 50_000;
    /** A node that does not answer may have found too much, or it is gone: that is tried so often. */
    private static final int MOST_SILENCES = 3;

    private final ChainNode node;
    private final Address contract;
    /** What may be asked at once, as far as that is known. */
    private volatile long range = MOST_BLOCKS;

    LogSearch(ChainNode node, Address contract) {
        this.node = node;
        this.contract = contract;
    }

    /**
     * In the order of the chain.
     *
     * @param topics what each topic may be, from the first; nothing means anything
     * @param from first block
     * @param to last block; nothing is searched if it is before the first
     */
    Uni<List<FoundLog>> find(List<List<Hash32>> topics, long from, long to) {
        return Uni.createFrom().deferred(() -> {
            Search search = new Search(topics, Math.max(0, from), to);
            return Uni.createFrom()
                    .deferred(search::step)
                    .repeat()
                    .whilst(more -> more)
                    .collect()
                    .last()
                    .map(done -> search.inOrder());
        });
    }

    /** One search on its way through the blocks. Confined to its own steps. */
    private final class Search {
        private final List<List<Hash32>> topics;
        private final long to;
        private final List<FoundLog> found = new ArrayList<>();
        private long from;
        private long blocks = range;
        private int silences;

        Search(List<List<Hash32>> topics, long from, long to) {
            this.topics = topics;
            this.from = from;
            this.to = to;
        }

        /** Whether there is more. */
        Uni<Boolean> step() {
            if (from > to) {
                // What was too much for one part of the chain may do for the next.
                range = Math.min(MOST_BLOCKS, 2 * blocks);
                return Uni.createFrom().item(false);
            }
            long last = Math.min(to, from + blocks - 1);
            return node.ask(ChainNode.logs(contract, topics, from, last))
                    .chain(answer -> ChainNode.readable(Uni.createFrom().item(() -> take(answer, last))))
                    .onFailure(LedgerUnavailable.class)
                    .recoverWithUni(why -> {
                        if (++silences > MOST_SILENCES || !halved(last)) {
                            return Uni.createFrom().failure(why);
                        }
                        return Uni.createFrom().item(true);
                    });
        }

        private boolean take(OfTree answer, long last) {
            if (answer.hasError() && halved(last)) {
                return true;
            }
            JsonNode logs = NodeValue.orNone("eth_getLogs", answer);
            if (logs == null || !logs.isArray()) {
                throw NodeValue.malformed("eth_getLogs");
            }
            for (JsonNode log : logs) {
                if (!log.path("removed").asBoolean()) {
                    found.add(within(FoundLog.read(log, contract), last));
                }
            }
            if (found.size() > MOST_EVENTS) {
                silences = MOST_SILENCES;
                throw new LedgerUnavailable("more than " + MOST_EVENTS + " events in these blocks: ask for fewer");
            }
            silences = 0;
            from = last + 1;
            return true;
        }

        private FoundLog within(FoundLog log, long last) {
            if (log.block() < from || log.block() > last) {
                throw NodeValue.malformed("eth_getLogs.blockNumber");
            }
            return log;
        }

        /** Whether less can be asked than up to this block. */
        private boolean halved(long last) {
            if (last <= from) {
                return false;
            }
            blocks = (last - from + 1) / 2;
            range = blocks;
            return true;
        }

        List<FoundLog> inOrder() {
            found.sort(FoundLog.IN_ORDER);
            return found;
        }
    }
}
