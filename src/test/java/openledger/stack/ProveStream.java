package openledger.stack;

import java.io.IOException;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Duration;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import openledger.commitment.ConfirmationLevel;
import openledger.store.SettlementDatabase;
import openledger.support.broker.KafkaBroker;
import openledger.support.broker.TopicReader;
import openledger.unit.RequestId;
import org.apache.kafka.clients.consumer.ConsumerRecord;

/**
 * {@code make prove-stream}: three routers stream to a real broker under load. The broker is killed, a router is, one is stopped until its
 * lane is another's and then wakes up, and broker and router are killed at once. The judge is a consumer that reads what is committed: each
 * request once, none missing, and the newest level of every batch.
 *
 * <p>Long because it is one run, told from its start to its end.
 */
public final class ProveStream {
    private static final int RATE = 40;
    private static final Duration CALM = Duration.ofSeconds(8);
    private static final Duration AWAY = Duration.ofSeconds(20);
    /** Its lane is adopted after nine. */
    private static final Duration STOPPED = Duration.ofSeconds(16);

    private static final Duration LONGEST = Duration.ofMinutes(3);
    private static final double NANOS_A_SECOND = 1e9;

    private final KafkaBroker broker;
    private final ClusterStack stack;
    private final SettlementDatabase database;
    private final ProofReport report = new ProofReport();

    private ProveStream(KafkaBroker broker, ClusterStack stack) {
        this.broker = broker;
        this.stack = stack;
        this.database = SettlementDatabase.at(stack.database().first().reactiveUrl());
    }

    public static void main(String[] arguments) throws InterruptedException {
        int exit = 1;
        ProofReport.say("Starting a broker, PostgreSQL, a chain, a provider and three routers ...");
        try (KafkaBroker broker = KafkaBroker.start();
                ClusterStack stack = ClusterStack.start(
                        Path.of("target/prove-stream"),
                        Map.of("OPENLEDGER_STREAM_KAFKA_BOOTSTRAP_SERVERS", broker.address()))) {
            exit = new ProveStream(broker, stack).run();
        } catch (IOException | SQLException broken) {
            ProofReport.say("FAILED: " + broken.getMessage());
        }
        System.exit(exit);
    }

    private int run() throws IOException, SQLException, InterruptedException {
        ClusterLoad load = ClusterLoad.start(stack.balancer().address(), RATE);
        Thread.sleep(CALM);
        brokerLost(load);
        routerKilled();
        zombie();
        bothKilled();
        Thread.sleep(CALM);
        load.close();
        load.told().forEach(ProofReport::say);
        verdict(load);
        return report.end();
    }

    private void brokerLost(ClusterLoad load) throws IOException, SQLException, InterruptedException {
        ProofReport.say("The broker is killed for " + AWAY.toSeconds() + " s ...");
        int failed = load.failed();
        broker.kill();
        Thread.sleep(AWAY);
        int more = load.failed() - failed;
        Set<String> recorded = recorded();
        long back = System.nanoTime();
        broker.again();
        double caughtUp = awaitStreamed(recorded, back);
        report.figure(String.format(
                Locale.ROOT,
                "broker away for %d s: %d requests failed, all streamed %.1f s after its start",
                AWAY.toSeconds(),
                more,
                caughtUp));
        report.demand(more == 0, "requests failed while the broker was away");
    }

    private void routerKilled() throws IOException, SQLException, InterruptedException {
        ProofReport.say("A router is killed ...");
        ClusterRouter router = stack.routers().getFirst();
        router.kill();
        long killed = System.nanoTime();
        Thread.sleep(1_000);
        Set<String> recorded = recorded();
        double streamed = awaitStreamed(recorded, killed);
        router.start();
        router.awaitReady();
        report.figure(
                String.format(Locale.ROOT, "a router killed: what it had recorded is streamed after %.1f s", streamed));
    }

    private void zombie() throws IOException, InterruptedException {
        ProofReport.say(
                "A router is stopped for " + STOPPED.toSeconds() + " s, and wakes up when its lane is another's ...");
        ClusterRouter router = stack.routers().get(1);
        int restarts = router.restarts();
        router.suspend();
        Thread.sleep(STOPPED);
        router.resume();
        long until = System.nanoTime() + LONGEST.toNanos();
        while (router.restarts() == restarts && System.nanoTime() < until) {
            Thread.sleep(100);
        }
        report.demand(
                router.restarts() > restarts, "the router that was stopped has not noticed that its lane is another's");
        router.awaitReady();
        report.figure("a router stopped for " + STOPPED.toSeconds() + " s and woken without its lane");
    }

    private void bothKilled() throws IOException, InterruptedException {
        ProofReport.say("The broker and a router are killed at once ...");
        ClusterRouter router = stack.routers().getLast();
        broker.kill();
        router.kill();
        Thread.sleep(Duration.ofSeconds(12));
        broker.again();
        router.start();
        router.awaitReady();
        report.figure("broker and a router killed at once");
    }

    private void verdict(ClusterLoad load) throws SQLException, InterruptedException {
        awaitQuiet();
        Set<String> recorded = recorded();
        awaitStreamed(recorded, System.nanoTime());
        List<ConsumerRecord<String, String>> records = committed("decisions.v1");
        Map<String, Integer> times = new HashMap<>();
        records.forEach(record -> times.merge(record.key(), 1, Integer::sum));
        long twice = times.values().stream().filter(count -> count > 1).count();
        Set<String> missing = new HashSet<>(recorded);
        missing.removeAll(times.keySet());
        Set<String> unknown = new HashSet<>(times.keySet());
        unknown.removeAll(recorded);
        long gaps = unknown.stream().filter(key -> key.startsWith("gap")).count();
        Set<String> answered = new HashSet<>(load.ids());
        answered.removeAll(times.keySet());
        report.figure(String.format(
                Locale.ROOT,
                "%d requests recorded, %d records read committed: %d twice, %d missing, %d unknown, %d gaps",
                recorded.size(),
                records.size(),
                twice,
                missing.size(),
                unknown.size(),
                gaps));
        report.demand(twice == 0, "a request is streamed twice");
        report.demand(missing.isEmpty(), "a request is missing");
        report.demand(unknown.isEmpty(), "the stream has what the database has not: " + unknown);
        report.demand(answered.isEmpty(), "a request that was answered is not in the stream");
        levels();
    }

    /** All lanes that nobody serves are free: every request has its end. */
    private void awaitQuiet() throws SQLException, InterruptedException {
        long until = System.nanoTime() + LONGEST.toNanos();
        String open = "select count(*) from lane_lease l where l.state = 2"
                + " or exists (select from projection p where p.lane = l.lane and p.low_water <= p.seq)"
                + " or exists (select from batch b where b.lane = l.lane and b.level < 5)";
        while (!"0".equals(database.text(open)) && System.nanoTime() < until) {
            Thread.sleep(500);
        }
        report.demand("0".equals(database.text(open)), "not all lanes were finished");
    }

    private void levels() throws SQLException, InterruptedException {
        long until = System.nanoTime() + LONGEST.toNanos();
        Map<String, String> wanted = reached();
        Map<String, String> last = Map.of();
        while (!last.equals(wanted) && System.nanoTime() < until) {
            Thread.sleep(1_000);
            Map<String, String> seen = new HashMap<>();
            committed("levels.v1")
                    .forEach(record ->
                            seen.put(record.key(), record.value().replaceFirst(".*\"level\":\"([A-Z]+)\".*", "$1")));
            last = seen;
            // The last decisions may only have been cut since.
            wanted = reached();
        }
        report.figure(wanted.size() + " batches, their newest levels "
                + (last.equals(wanted) ? "as in the database" : "not as in the database"));
        report.demand(last.equals(wanted), "levels differ");
    }

    private Map<String, String> reached() throws SQLException {
        Map<String, String> levels = new HashMap<>();
        for (String row :
                database.text("select lane, sequence, level from batch").split("\n", -1)) {
            String[] columns = row.split(", ", -1);
            levels.put(
                    columns[0] + "-" + columns[1],
                    ConfirmationLevel.ofCode(Integer.parseInt(columns[2])).name());
        }
        return levels;
    }

    /** Seconds since a moment, once all of these are in the topic. */
    private double awaitStreamed(Set<String> recorded, long sinceNanos) throws InterruptedException {
        long until = System.nanoTime() + LONGEST.toNanos();
        Set<String> left = new HashSet<>(recorded);
        while (!left.isEmpty() && System.nanoTime() < until) {
            Thread.sleep(500);
            committed("decisions.v1").forEach(record -> left.remove(record.key()));
        }
        report.demand(left.isEmpty(), left.size() + " requests were not streamed in time");
        return (System.nanoTime() - sinceNanos) / NANOS_A_SECOND;
    }

    private List<ConsumerRecord<String, String>> committed(String topic) {
        return TopicReader.committed(broker.address(), "openledger." + topic);
    }

    private Set<String> recorded() throws SQLException {
        Set<String> ids = new HashSet<>();
        for (String row : database.text("select lane, counter from decision").split("\n", -1)) {
            String[] columns = row.split(", ", -1);
            ids.add(new RequestId(Long.parseLong(columns[0]), Long.parseLong(columns[1])).toString());
        }
        return ids;
    }
}
