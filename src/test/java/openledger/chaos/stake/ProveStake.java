package openledger.chaos.stake;

import static openledger.chain.LocalChain.await;

import java.io.IOException;
import java.math.BigInteger;
import java.net.ConnectException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import openledger.audit.court.Filing;
import openledger.audit.court.Told;
import openledger.chain.LocalChain;
import openledger.commitment.SignedPromise;
import openledger.commitment.leaf.LeafKind;
import openledger.commitment.log.LogHasher;
import openledger.commitment.stake.ShownLeaf;
import openledger.commitment.stake.VaultCall;
import openledger.commitment.stake.VaultEvent;
import openledger.commitment.stake.VaultFault;
import openledger.commitment.verify.PromiseHeader;
import openledger.demo.ChildProcess;
import openledger.support.LocalVault;
import openledger.support.ScratchFolder;
import openledger.support.ShownThings;
import openledger.support.lane.HandLane;
import openledger.support.lane.LyingLane;
import openledger.support.lane.PlantedFaults;
import openledger.unit.Hash32;
import openledger.unit.RequestId;
import openledger.unit.RequestKey;
import openledger.unit.Wei;

/**
 * {@code make prove-stake}: a lane that lies in every way a vault knows, and an auditor in another process that proves each lie or wins its
 * game, although it is killed and the chain goes back under its proofs; beside it a router that is honest, and its auditor. Long because it
 * is one run.
 */
final class ProveStake {
    private final ShownThings shown = new ShownThings();
    private final StakeTrial trial;
    private final LyingLane lane;
    private final PlantedFaults faults;
    private final Path promises = Files.createDirectories(StakeTrial.OUT.resolve("promises"));
    private final int metrics = ChildProcess.freePort();
    private ChildProcess auditor;
    private double slowest;

    private ProveStake(Path data) throws IOException, InterruptedException {
        trial = new StakeTrial(data);
        lane = trial.lane;
        faults = new PlantedFaults(lane);
        auditor = audit("auditor");
    }

    public static void main(String[] arguments) throws IOException, SQLException, InterruptedException {
        clear();
        Path data = ScratchFolder.make("prove-stake");
        System.exit(new ProveStake(data).run(data) ? 0 : 1);
    }

    private static void clear() throws IOException {
        if (Files.exists(StakeTrial.OUT)) {
            try (var files = Files.walk(StakeTrial.OUT)) {
                for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                    Files.delete(file);
                }
            }
        }
        Files.createDirectories(StakeTrial.OUT);
    }

    private boolean run(Path data) throws IOException, SQLException, InterruptedException {
        say("A lane lies, and an auditor watches it ...");
        long left = lane.hand.next();
        faults.honest(2);
        leavesAndAKill();
        say("A router is honest, and an auditor watches it ...");
        new HonestRouter(trial, shown).run(data);
        // Many faults at once, each in the time that is allowed.
        inTime(
                "proved: what leaves show together",
                faults::together,
                Set.copyOf(PlantedFaults.TOGETHER.subList(0, 4)),
                Set.of());
        inTime("opened: a plan that is missing", () -> {}, Set.of(), Set.of(VaultFault.PLAN_MISSING));
        inTime(
                "opened: an outcome that a header invents",
                () -> faults.calledEnded(left),
                Set.of(),
                Set.of(VaultFault.OUTCOME_MISSING));
        inTime("opened: leaves that nobody serves", faults::withheld, Set.of(), Set.of(VaultFault.WITHHELD));
        inTime(
                "opened: records that nobody serves",
                faults::recordsWithheld,
                Set.of(),
                Set.of(VaultFault.RECORD_WITHHELD));
        inTime("proved: two heads of one batch", faults::equivocated, Set.of(VaultFault.EQUIVOCATED), Set.of());
        forked();
        promised();
        reorganised();
        selfReport();
        games();
        end();
        shown.note("slowest from its batch to proof or game, s", String.format(Locale.ROOT, "%.1f", slowest));
        shown.print();
        return shown.allAsExpected();
    }

    private ChildProcess audit(String name) throws IOException {
        return trial.audit(
                name,
                lane.addresses(),
                LocalChain.LANE,
                StakeTrial.OUT.resolve("state"),
                List.of(
                        "--promises",
                        promises.toString(),
                        "--metrics-port",
                        Integer.toString(metrics),
                        "--withheld-after",
                        "PT1S"),
                Map.of());
    }

    /** Something that may fail. */
    private interface Planting {
        void run() throws IOException, InterruptedException;
    }

    private void inTime(String what, Planting planting, Set<VaultFault> proved, Set<VaultFault> opened)
            throws IOException, InterruptedException {
        long since = System.nanoTime();
        planting.run();
        boolean isDone =
                StakeTrial.until(() -> trial.faults(VaultEvent.Penalised.class).containsAll(proved)
                        && trial.faults(VaultEvent.Challenged.class).containsAll(opened));
        double seconds = (System.nanoTime() - since) / 1e9;
        slowest = Math.max(slowest, seconds);
        shown.expect(what, "yes", isDone ? "yes" : "no");
        say(String.format(Locale.ROOT, "  %s: %s, %.1f s", what, isDone, seconds));
    }

    /** The auditor is killed when the first of its proofs is on chain, and begins again. */
    private void leavesAndAKill() throws IOException, InterruptedException {
        inTime(
                "proved: what leaves show alone, by an auditor that is killed meanwhile",
                () -> {
                    faults.alone();
                    faults.alone();
                    faults.alone();
                    StakeTrial.until(
                            () -> !trial.faults(VaultEvent.Penalised.class).isEmpty());
                    auditor.kill();
                    faults.alone();
                    auditor = audit("auditor-again");
                },
                Set.copyOf(PlantedFaults.ALONE),
                Set.of());
        long leaves = 4L * PlantedFaults.ALONE.size();
        boolean all = StakeTrial.until(() -> trial.told().stream()
                        .filter(one -> one.event() instanceof VaultEvent.Penalised)
                        .count()
                >= leaves);
        shown.expect("each of " + leaves + " leaves is punished", "yes", all ? "yes" : "no");
    }

    private long batchesRead() throws IOException, InterruptedException {
        try (HttpClient http = HttpClient.newHttpClient()) {
            HttpResponse<String> answer = http.send(
                    HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + metrics + "/metrics"))
                            .build(),
                    HttpResponse.BodyHandlers.ofString());
            return answer.body()
                    .lines()
                    .filter(line -> line.startsWith("openledger_audit_batches_total "))
                    .mapToLong(line -> Long.parseLong(line.substring(line.indexOf(' ') + 1)))
                    .findFirst()
                    .orElse(0);
        } catch (ConnectException e) {
            // It has not begun to listen.
            return 0;
        }
    }

    private void forked() throws IOException, InterruptedException {
        long before = batchesRead();
        PlantedFaults.Fork fork = faults.beforeTheFork();
        StakeTrial.until(() -> batchesRead() > before);
        inTime("proved: a log that is another", () -> faults.fork(fork), Set.of(VaultFault.LOG_FORKED), Set.of());
    }

    /** A leaf that differs from its promise, one that never comes, and a plan without an end. */
    private void promised() throws IOException, InterruptedException {
        long now = await(trial.court.time()).seconds();
        RequestKey kept = lane.hand.key(lane.hand.next());
        RequestKey omitted = lane.hand.key(lane.hand.next());
        // Behind a batch that nobody could read, in which another plan may have ended.
        lane.commit(lane.hand.batch(lane.hand.plan(lane.hand.key(lane.hand.next()), lane.hand.snapshot())));
        drop("differs", lane.promise(kept, LeafKind.OUTCOME, new LogHasher().entry(new byte[96]), now, now + 600));
        drop("omitted", lane.promise(omitted, LeafKind.OUTCOME, Hash32.ZERO, now, now + 1));
        inTime(
                "proved: another leaf than was promised",
                () -> lane.commit(lane.hand.batch(lane.hand.fast(kept))),
                Set.of(VaultFault.DIFFERS),
                Set.of());
        LocalVault.pass(trial.chain.node, Duration.ofMinutes(71));
        inTime("opened: a leaf that was promised and not committed", () -> {}, Set.of(), Set.of(VaultFault.OMITTED));
        long games = openOutcomes();
        faults.honest(1);
        LocalVault.pass(trial.chain.node, Duration.ofMinutes(11));
        faults.honest(1);
        shown.expect(
                "opened: a plan without an outcome",
                "yes",
                StakeTrial.until(() -> openOutcomes() > games) ? "yes" : "no");
    }

    private long openOutcomes() {
        return trial.told().stream()
                .filter(one ->
                        one.event() instanceof VaultEvent.Challenged it && it.fault() == VaultFault.OUTCOME_MISSING)
                .count();
    }

    private void drop(String name, SignedPromise promise) throws IOException {
        RequestId id = new RequestId(
                LocalChain.LANE.value(), promise.promise().request().counter());
        Files.writeString(promises.resolve(name + ".promise"), PromiseHeader.text(promise, id, new byte[16]) + "\n");
    }

    /**
     * The chain goes back under a proof, and the proof is sent again. Blocks come by our hand until then: left to itself the chain would have
     * finalized the proof half a second later, and what is final nothing takes back.
     */
    private void reorganised() throws IOException, InterruptedException {
        HandLane.Batch batch = lane.commit(lane.hand.batch(List.of(lane.hand.noise())));
        trial.chain.node.stall();
        boolean first = StakeTrial.until(() -> {
            trial.chain.node.mine();
            return proofBlock(batch).isPresent();
        });
        long proof = proofBlock(batch).orElse(Long.MAX_VALUE);
        trial.chain.node.reorg((int) (trial.chain.node.blockNumber() - proof + 1));
        boolean isGone = proofBlock(batch).isEmpty();
        trial.chain.node.resume(1);
        boolean again = StakeTrial.until(
                () -> proofBlock(batch).filter(block -> block > proof).isPresent());
        shown.expect(
                "a proof that a reorganisation took is sent again",
                "true true true",
                first + " " + isGone + " " + again);
        say("  reorganised: " + first + " " + isGone + " " + again);
    }

    private Optional<Long> proofBlock(HandLane.Batch batch) {
        return trial.told().stream()
                .filter(one -> one.event() instanceof VaultEvent.Penalised it
                        && it.sequence() == batch.header().sequence())
                .map(Told::block)
                .findFirst();
    }

    /** Whoever has the stake reports itself, before anybody else does. */
    private void selfReport() throws IOException, InterruptedException {
        auditor.kill();
        HandLane.Batch batch = lane.commit(lane.hand.batch(List.of(lane.hand.noise())));
        long committedAt = trial.batches(LocalChain.LANE).stream()
                .filter(one -> one.header().equals(batch.header()))
                .findFirst()
                .orElseThrow()
                .committedAt();
        ShownLeaf leaf = batch.content(committedAt, 0).paths().shown(0);
        BigInteger before = await(trial.court.stake(LocalChain.LANE)).pool().assets();
        Filing filing = await(trial.court.file(new VaultCall.ProveLeaf(leaf), Wei.ZERO));
        BigInteger taken =
                before.subtract(await(trial.court.stake(LocalChain.LANE)).pool().assets());
        BigInteger got = await(trial.court.credit(StakeTrial.STAKER.address())).value();
        shown.expect("a lane that reports itself", "true", Boolean.toString(filing instanceof Filing.Done));
        shown.expect("it loses of each penalty, in 1/10,000", 7_000, burned(taken, got));
        auditor = audit("auditor-last");
    }

    private static long burned(BigInteger taken, BigInteger got) {
        return taken.signum() == 0
                ? 0
                : taken.subtract(got)
                        .multiply(BigInteger.valueOf(10_000))
                        .divide(taken)
                        .longValue();
    }

    /** Nobody answers, so all games are won once their time is over. */
    private void games() throws IOException, InterruptedException {
        StakeTrial.until(() -> batchesRead() > 0);
        // Until it knows its games.
        Thread.sleep(5_000);
        LocalVault.pass(trial.chain.node, Duration.ofHours(25));
        Set<VaultFault> games = trial.faults(VaultEvent.Challenged.class);
        inTime("won: every game", () -> {}, games, Set.of());
        shown.expect(
                "faults of the vault that were proved or won",
                21,
                trial.faults(VaultEvent.Penalised.class).size());
        shown.expect(
                "what is the auditor's is paid out",
                "true",
                Boolean.toString(StakeTrial.until(() -> await(trial.court.credit(StakeTrial.AUDITOR.address()))
                                .value()
                                .signum()
                        == 0)));
    }

    private void end() throws IOException, InterruptedException {
        auditor.close();
        shown.expect("exit code of the auditor", 1, auditor.awaitEnd(StakeTrial.LIMIT));
        shown.expect("transactions of the auditor that the chain refused", 0, trial.refused(shown));
    }

    private static void say(String text) {
        System.out.println(text);
    }
}
