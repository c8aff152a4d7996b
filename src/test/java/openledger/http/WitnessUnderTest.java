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
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.IntStream;
import openledger.cli.witness.WitnessFolder;
import openledger.cli.witness.WitnessServer;
import openledger.commitment.log.NoteKey;
import openledger.commitment.log.NoteSigner;
import openledger.commitment.witness.Witness;
import openledger.demo.AnvilNode;
import openledger.identity.NoteSecret;
import openledger.support.ScratchFolder;

/**
 * Two real witnesses of the log of the router of a test, and one that does not know it; so both of the two are needed for a quorum. Each can
 * be made to go away and to come back. All three are needed for a quorum if it says so.
 */
public final class WitnessUnderTest implements QuarkusTestResourceLifecycleManager {
    /** With the secret that the build sets for all tests, which is that of an account as well. */
    public static final NoteSigner LOG = NoteSecret.signer(
            "router.example/log", NoteKey.Kind.NOTE, AnvilNode.KEYS.get(1).replace("0x", ""));

    public static final List<NoteKey> WITNESSES =
            IntStream.range(0, 3).mapToObj(number -> signer(number).key()).toList();
    private static final Duration LONGEST = Duration.ofSeconds(10);

    private static final Map<Integer, Vertx> RUNNING = new ConcurrentHashMap<>();
    private static final Map<Integer, Integer> PORTS = new ConcurrentHashMap<>();
    private static final Map<Integer, WitnessFolder> FOLDERS = new ConcurrentHashMap<>();

    /** It takes no connections any more. */
    public static void leaves(int number) {
        Vertx gone = RUNNING.remove(number);
        if (gone != null) {
            gone.close().toCompletionStage().toCompletableFuture().join();
        }
    }

    /** It is there again, and goes on from what it has cosigned last. */
    public static void returns(int number) {
        serve(number);
    }

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

    private static int serve(int number) {
        Map<String, NoteKey> logs =
                number == WITNESSES.size() - 1 ? Map.of() : Map.of(LOG.key().name(), LOG.key());
        try {
            WitnessFolder known = FOLDERS.get(number);
            WitnessFolder memory = known == null ? WitnessFolder.open(ScratchFolder.make("witness" + number)) : known;
            FOLDERS.put(number, memory);
            Witness witness = new Witness(signer(number), logs, memory);
            Vertx vertx = Vertx.vertx();
            RUNNING.put(number, vertx);
            int port = new WitnessServer(vertx, witness, InstantSource.system(), LONGEST, line -> {})
                    .listen("127.0.0.1", PORTS.getOrDefault(number, 0))
                    .toCompletionStage()
                    .toCompletableFuture()
                    .join();
            PORTS.put(number, port);
            return port;
        } catch (IOException e) {
            throw new UncheckedIOException("a witness does not start", e);
        }
    }

    @Override
    public void stop() {
        List.copyOf(RUNNING.keySet()).forEach(WitnessUnderTest::leaves);
        PORTS.clear();
        FOLDERS.clear();
    }
}
