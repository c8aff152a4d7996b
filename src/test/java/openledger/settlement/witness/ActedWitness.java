package openledger.settlement.witness;

import io.smallrye.mutiny.Uni;
import io.smallrye.mutiny.subscription.UniEmitter;
import java.net.URI;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import openledger.commitment.log.NoteKey;
import openledger.commitment.log.NoteSigner;
import openledger.commitment.log.SignedNote;
import openledger.commitment.witness.AddCheckpoint;
import openledger.commitment.witness.Witness;
import openledger.identity.NoteSecret;
import openledger.settlement.witness.WitnessSettings.Peer;
import openledger.settlement.witness.Witnesses.Reply;

/** A real witness without HTTP, whose answers a test may hold back or change. Confined to one thread. */
final class ActedWitness implements Witness.Memory {
    static final long SECONDS = 1_795_600_000L;

    final Peer peer;
    final List<AddCheckpoint> requests = new ArrayList<>();
    private final Map<String, SignedNote> newest = new HashMap<>();
    private final Witness witness;
    private Function<Reply, Reply> change = Function.identity();
    private boolean isHeld;
    private final List<Runnable> held = new ArrayList<>();
    int cancelled;

    /**
     * A witness.
     *
     * @param number names it and is its key
     */
    ActedWitness(int number, NoteKey log) {
        NoteSigner signer = signer(number);
        this.peer = new Peer(URI.create("https://witness.example/" + number), signer.key());
        this.witness = new Witness(signer, Map.of(log.name(), log), this);
    }

    static NoteSigner signer(int number) {
        return NoteSecret.signer(
                "witness.example/" + number, NoteKey.Kind.COSIGNATURE, ("0" + number).repeat(NoteSigner.SEED_BYTES));
    }

    NoteKey key() {
        return peer.key();
    }

    /** Answers so from now on, whatever it thinks. */
    void answer(Function<Reply, Reply> change) {
        this.change = change;
    }

    void answerHonestly() {
        change = Function.identity();
    }

    /** Answers when it is let go, from now on. */
    void hold() {
        isHeld = true;
    }

    void letGo() {
        isHeld = false;
        List<Runnable> waiting = List.copyOf(held);
        held.clear();
        waiting.forEach(Runnable::run);
    }

    int waiting() {
        return held.size();
    }

    Uni<Reply> add(String body) {
        AddCheckpoint request = AddCheckpoint.parse(body);
        requests.add(request);
        Reply reply = change.apply(reply(request));
        return isHeld
                ? Uni.createFrom().emitter(to -> held(to, reply))
                : Uni.createFrom().item(reply);
    }

    private void held(UniEmitter<? super Reply> to, Reply reply) {
        Runnable answer = () -> to.complete(reply);
        held.add(answer);
        to.onTermination(() -> {
            if (held.remove(answer)) {
                cancelled++;
            }
        });
    }

    private Reply reply(AddCheckpoint request) {
        return switch (witness.answer(request, SECONDS)) {
            case Witness.Answer.Cosigned(var signature) -> new Reply.Answered(200, "text/plain", signature + "\n");
            case Witness.Answer.Conflict(var size) -> knows(size);
            case Witness.Answer.Inconsistent _ -> new Reply.Answered(422, "text/plain", "no\n");
            case Witness.Answer.NotSigned _ -> new Reply.Answered(403, "text/plain", "no\n");
            case Witness.Answer.UnknownLog _ -> new Reply.Answered(404, "text/plain", "no\n");
            case Witness.Answer.Backwards _ -> new Reply.Answered(400, "text/plain", "no\n");
        };
    }

    static Reply knows(long size) {
        return new Reply.Answered(409, "text/x.tlog.size", size + "\n");
    }

    @Override
    public Optional<SignedNote> newest(String origin) {
        return Optional.ofNullable(newest.get(origin));
    }

    @Override
    public void keep(String origin, SignedNote checkpoint) {
        newest.put(origin, checkpoint);
    }

    @Override
    public void splitView(String origin, SignedNote one, SignedNote other) {}
}
