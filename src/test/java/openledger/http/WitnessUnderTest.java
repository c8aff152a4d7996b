package openledger.http;

import io.quarkus.test.common.QuarkusTestResourceLifecycleManager;
import io.vertx.core.Vertx;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import openledger.cli.witness.WitnessFolder;
import openledger.cli.witness.WitnessServer;
import openledger.commitment.log.NoteKey;
import openledger.commitment.log.NoteSigner;
import openledger.commitment.witness.Witness;
import openledger.demo.AnvilNode;
import openledger.identity.NoteSecret;
import openledger.support.ScratchFolder;

/** Two real witnesses of the log of the router of a test, and one that does not know it. All three are needed for a quorum if it says so. */
public final class WitnessUnderTest implements QuarkusTestResourceLifecycleManager {
    /** With the secret that the build sets for all tests, which is that of an account as well. */
    public static final NoteSigner LOG = NoteSecret.signer(
            "router.example/log", NoteKey.Kind.NOTE, AnvilNode.KEYS.get(1).replace("0x", ""));

    public static final List<NoteKey> WITNESSES =
            IntStream.range(0, 3).mapToObj(number -> signer(number).key()).toList();
    private static final Duration LONGEST = Duration.ofSeconds(10);

    private final Vertx vertx = Vertx.vertx();

    private static NoteSigner signer(int number) {
        return NoteSecret.signer(
                "witness.example/" + number, NoteKey.Kind.COSIGNATURE, ("0" + number).repeat(NoteSigner.SEED_BYTES));
    }

    @Override
    public Map<String, String> start() {
        Map<String, String> keys = new HashMap<>();
        keys.put("openledger.log.key-env", "OPENLEDGER_TEST_LANE_KEY");
        keys.put("openledger.log.origin", LOG.key().name());
        keys.put("openledger.log.public", "true");
        for (int i = 0; i < WITNESSES.size(); i++) {
            keys.put("openledger.log.witnesses[" + i + "].url", "http://127.0.0.1:" + serve(i));
            keys.put("openledger.log.witnesses[" + i + "].key", WITNESSES.get(i).toString());
        }
        return keys;
    }

    private int serve(int number) {
        Map<String, NoteKey> logs =
                number == WITNESSES.size() - 1 ? Map.of() : Map.of(LOG.key().name(), LOG.key());
        try {
            WitnessFolder memory = WitnessFolder.open(ScratchFolder.make("witness" + number));
            Witness witness = new Witness(signer(number), logs, memory);
            return new WitnessServer(vertx, witness, InstantSource.system(), LONGEST, line -> {})
                    .listen("127.0.0.1", 0)
                    .toCompletionStage()
                    .toCompletableFuture()
                    .join();
        } catch (IOException e) {
            throw new UncheckedIOException("a witness does not start", e);
        }
    }

    @Override
    public void stop() {
        vertx.close().toCompletionStage().toCompletableFuture().join();
    }
}
