package openledger.chaos.log;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import openledger.commitment.log.Checkpoint;
import openledger.commitment.log.LogNodes;
import openledger.commitment.log.NoteKey;
import openledger.commitment.log.SignedNote;
import openledger.commitment.log.SignedNote.Standing;
import openledger.commitment.witness.AddCheckpoint;

/** Asks a witness to cosign the checkpoints of one log, as its operator does: C2SP tlog-witness over HTTP. Confined to one thread. */
final class WitnessClient {
    private static final int COSIGNED = 200;
    private static final int OTHER_SIZE = 409;
    private static final Duration LIMIT = Duration.ofSeconds(10);

    private final HttpClient http;
    private final URI address;
    private final NoteKey witness;
    private long old;
    private long conflicts;

    WitnessClient(HttpClient http, URI address, NoteKey witness) {
        this.http = http;
        this.address = address;
        this.witness = witness;
    }

    /** What a witness says. */
    record Answer(int status, String body) {
        /** True if it has signed nothing. */
        boolean isRefusal() {
            return status != COSIGNED && !body.contains("\u2014");
        }
    }

    /** Size of the log that it has cosigned last, as far as we know. */
    long old() {
        return old;
    }

    /** How often the witness had signed and we had not heard of it. */
    long conflicts() {
        return conflicts;
    }

    Answer ask(AddCheckpoint request) throws IOException, InterruptedException {
        HttpResponse<String> answer = http.send(
                HttpRequest.newBuilder(address)
                        .timeout(LIMIT)
                        .POST(HttpRequest.BodyPublishers.ofString(request.toString()))
                        .build(),
                HttpResponse.BodyHandlers.ofString());
        return new Answer(answer.statusCode(), answer.body());
    }

    /**
     * The checkpoint with the cosignature of the witness.
     *
     * @throws IOException if the witness is away
     * @throws IllegalStateException if it does not sign, or says that it has and has not
     */
    SignedNote cosigned(SignedNote note, LogNodes log) throws IOException, InterruptedException {
        long size = Checkpoint.parse(note.text()).size();
        if (size < old) {
            throw new IllegalStateException("the log went back from " + old + " leaves to " + size);
        }
        Answer answer = ask(new AddCheckpoint(old, log.consistency(old, size).path(), note));
        if (answer.status == OTHER_SIZE) {
            // It was killed, or we were cut off, after it had signed.
            long known = Checkpoint.number(answer.body.strip());
            if (known < old || known > size) {
                throw new IllegalStateException("the witness has cosigned " + known + " leaves, not " + old);
            }
            conflicts++;
            old = known;
            answer = ask(new AddCheckpoint(old, log.consistency(old, size).path(), note));
        }
        if (answer.status != COSIGNED) {
            throw new IllegalStateException(
                    "the witness answered " + answer.status + " to " + old + ".." + size + ": " + answer.body);
        }
        SignedNote cosigned = SignedNote.parse(note + answer.body);
        if (cosigned.standing(witness) != Standing.SIGNED) {
            throw new IllegalStateException("this is no cosignature of the witness: " + answer.body);
        }
        old = size;
        return cosigned;
    }
}
