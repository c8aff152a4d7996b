package openledger.settlement.witness;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import openledger.commitment.log.Checkpoint;
import openledger.commitment.log.NoteKey;
import openledger.commitment.log.NoteSigner;
import openledger.commitment.witness.AddCheckpoint;
import openledger.identity.NoteSecret;
import openledger.inference.TurnedClock;
import openledger.inference.TurnedLoops;
import openledger.settlement.LaneListener.LeaseChange;
import openledger.settlement.log.LogSigner;
import openledger.settlement.witness.WitnessedLog.Witnessed;

/** A log and three witnesses in a time that a test turns. */
abstract class CosigningWorld {
    static final NoteSigner LOG =
            NoteSecret.signer("router.example/1", NoteKey.Kind.NOTE, "00".repeat(NoteSigner.SEED_BYTES));

    final TurnedClock clock = new TurnedClock();
    final TurnedLoops loops = new TurnedLoops(clock);
    final GrowingLog log = new GrowingLog();
    final LogSigner signer = new LogSigner(LOG, Runnable::run, () -> Instant.EPOCH);
    final List<ActedWitness> all = Stream.of(1, 2, 3)
            .map(number -> new ActedWitness(number, LOG.key()))
            .toList();
    final ActedWitness one = all.get(0);
    final ActedWitness two = all.get(1);
    final ActedWitness three = all.get(2);
    final Map<NoteKey, ActedWitness> byKey =
            all.stream().collect(Collectors.toMap(ActedWitness::key, Function.identity()));
    final List<String> answers = new ArrayList<>();
    final List<Long> witnessed = new ArrayList<>();

    MemoryCosignatures kept = new MemoryCosignatures(List.of(), 1);
    Cosigning cosigning = with(2);

    Cosigning with(int quorum) {
        WitnessSettings settings =
                new WitnessSettings(all.stream().map(witness -> witness.peer).toList(), quorum, Duration.ofSeconds(5));
        kept = new MemoryCosignatures(settings.keys(), quorum);
        cosigning = over(settings);
        return cosigning;
    }

    Cosigning over(WitnessSettings settings) {
        return new Cosigning(
                settings,
                log,
                signer,
                (peer, body) -> Objects.requireNonNull(byKey.get(peer.key())).add(body),
                kept,
                loops,
                loops,
                Runnable::run,
                new CosigningListener() {
                    @Override
                    public void answered(String witness, WitnessOutcome outcome) {
                        answers.add(witness.charAt(witness.length() - 1) + " " + outcome);
                    }

                    @Override
                    public void witnessed(long size) {
                        witnessed.add(size);
                    }
                });
    }

    void take() {
        loops.first.at(() -> cosigning.lease(LeaseChange.TAKEN));
        loops.settle();
    }

    void cut(int leaves) {
        log.grow(leaves);
        tell();
    }

    /** The listener needs nothing of the batch: it reads the head. */
    @SuppressWarnings("NullAway")
    void tell() {
        loops.first.at(() -> cosigning.cut(null, null));
        loops.settle();
    }

    void pass(Duration time) {
        clock.advance(time);
        loops.settle();
    }

    static List<Long> sizes(ActedWitness witness) {
        return witness.requests.stream()
                .map(request -> Checkpoint.parse(request.note().text()).size())
                .toList();
    }

    static List<Long> olds(ActedWitness witness) {
        return witness.requests.stream().map(AddCheckpoint::old).toList();
    }

    Witnessed covering(long index) {
        WitnessedLog read = new WitnessedLog(2, log, signer, kept);
        return read.covering(index).await().indefinitely();
    }
}
