package openledger.inference.resend;

import java.util.ArrayList;
import java.util.List;
import openledger.inference.EventLoops.Loop;
import openledger.inference.InferenceOutcome;
import openledger.inference.InferenceOutcome.Served;
import openledger.inference.SessionRecord;
import openledger.inference.upstream.UpstreamAnswer;

/** The clients that wait for the outcome of one request. Confined to the request's event loop. */
public final class WaitingClients {
    private final Loop home;
    private final List<WaitingClient> waiting = new ArrayList<>(1);

    /**
     * Nobody waits yet.
     *
     * @param home the request's event loop
     */
    public WaitingClients(Loop home) {
        this.home = home;
    }

    public void add(WaitingClient client) {
        waiting.add(client);
    }

    public void remove(WaitingClient client) {
        waiting.remove(client);
    }

    public boolean isEmpty() {
        return waiting.isEmpty();
    }

    /** Tells all of them; none waits any more. */
    public void tell(InferenceOutcome outcome) {
        takeAll().forEach(client -> client.tell(outcome));
    }

    /** Tells all of them of a bug; none waits any more. */
    public void fail(Throwable bug) {
        takeAll().forEach(client -> client.fail(bug));
    }

    /** Gives all of them the answer; if nobody is there it flows unread. */
    public void serve(ReplayBuffer tape, SessionRecord record) {
        List<WaitingClient> clients = takeAll();
        // All of them read before any of them is told, so that none sets the pace alone.
        List<Served> answers = new ArrayList<>(clients.size());
        for (WaitingClient client : clients) {
            answers.add(served(tape, record, client));
        }
        for (int i = 0; i < answers.size(); i++) {
            clients.get(i).tell(answers.get(i));
        }
        if (answers.isEmpty()) {
            tape.flowUnread();
        }
    }

    /** The answer from its start, for a client on whatever event loop. */
    public Served served(ReplayBuffer from, SessionRecord record, WaitingClient client) {
        UpstreamAnswer reader = from.reader();
        boolean atHome = client.loop().equals(home);
        return new Served(record.facts(), atHome ? reader : new EventLoopBridge(reader, home, client.loop()));
    }

    private List<WaitingClient> takeAll() {
        List<WaitingClient> all = List.copyOf(waiting);
        waiting.clear();
        return all;
    }
}
