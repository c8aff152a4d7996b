package openledger.http;

import static io.restassured.RestAssured.given;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.path.json.JsonPath;
import io.restassured.response.Response;
import io.vertx.core.Vertx;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.function.BooleanSupplier;
import openledger.audit.court.Filing;
import openledger.audit.court.LaneChain.Committed;
import openledger.chain.LaneAccount;
import openledger.chain.LocalChain;
import openledger.chain.RpcSettings;
import openledger.chain.vault.CourtSettings;
import openledger.chain.vault.Web3jCourt;
import openledger.chain.vault.Web3jLaneChain;
import openledger.cli.VerifyCommand;
import openledger.commitment.stake.VaultCall;
import openledger.commitment.verify.RegistryCode;
import openledger.demo.AnvilNode;
import openledger.support.LocalVault;
import openledger.support.RecordedChain;
import openledger.unit.Wei;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

/** A router as it starts with a vault: somebody asks there for a leaf that it has committed. */
@QuarkusTest
@QuarkusTestResource(value = RouterUnderTest.class, restrictToAnnotatedClass = true)
@QuarkusTestResource(value = VaultUnderTest.class, restrictToAnnotatedClass = true)
final class StakedRouterTest {
    private static final Duration LIMIT = Duration.ofSeconds(30);
    private static final Duration PATIENCE = Duration.ofSeconds(90);

    @TempDir
    Path folder = Path.of("");

    @Test
    void aGameAgainstTheRoutersLaneIsAnsweredAndReceiptsShowTheStake() throws IOException, InterruptedException {
        Response answer = ChatApi.chat(ChatApi.body("assistant", false));
        assertThat(answer.statusCode()).isEqualTo(200);
        String request = answer.header("openledger-request");
        await(() -> given().header("x-api-key", RouterUnderTest.KEY)
                        .get("/v1/stake")
                        .statusCode()
                == 200);
        assertThat(stake().getString("vault")).isEqualTo(VaultUnderTest.vault().toString());
        assertThat(stake().getString("active")).isEqualTo("0");
        assertThat(stake().getBoolean("is_gate")).isFalse();

        Vertx vertx = Vertx.vertx();
        RpcSettings rpc = RpcSettings.of(
                List.of(ChainUnderTest.chain().rpc()), OptionalLong.of(AnvilNode.CHAIN_ID), Duration.ofSeconds(5));
        CourtSettings settings = new CourtSettings(
                rpc,
                RegistryCode.ADDRESS,
                VaultUnderTest.vault(),
                LocalChain.FEES,
                Duration.ofSeconds(5),
                Duration.ofSeconds(20));
        try (Web3jLaneChain lanes = new Web3jLaneChain(vertx, rpc, RegistryCode.ADDRESS);
                Web3jCourt challenger =
                        new Web3jCourt(vertx, settings, Optional.of(LaneAccount.of(AnvilNode.KEYS.getFirst())))) {
            await(() -> !batches(lanes).isEmpty());
            Committed batch = batches(lanes).getFirst();
            VaultCall.OpenWithheld opening = new VaultCall.OpenWithheld(
                    batch.header(), batch.committedAt(), batch.header().firstIndex());
            assertThat(challenger
                            .file(opening, new Wei(LocalVault.TERMS.bond()))
                            .await()
                            .atMost(LIMIT))
                    .isInstanceOf(Filing.Done.class);

            await(() -> List.of("ANSWERED").equals(stake().getList("games.state")));
            assertThat(stake().getString("games[0].id"))
                    .isEqualTo(opening.game().toString());
            assertThat(stake().getInt("open_games")).isZero();
            assertThat(stake().getList("penalties")).isEmpty();
            assertThat(receipt(request)).doesNotContain("challengeable_until");

            // Until here nothing stood behind the lane.
            Wei floor = new Wei(LocalVault.TERMS.floor());
            assertThat(challenger
                            .file(new VaultCall.Deposit(ChainUnderTest.LANE), floor)
                            .await()
                            .atMost(LIMIT))
                    .isInstanceOf(Filing.Done.class);
            LocalVault.gate(
                    ChainUnderTest.chain(),
                    RegistryCode.ADDRESS,
                    ChainUnderTest.LANE,
                    LaneAccount.of(AnvilNode.KEYS.get(1)).address(),
                    VaultUnderTest.vault());
            await(() -> receipt(request).contains("challengeable_until"));
            ApiDescription description = ApiDescription.ofRouter();
            description.requireDescribed(
                    new ObjectMapper().readTree(receipt(request)).get("stake"),
                    description.component("schemas", "ReceiptStake"));
            assertThat(verified(receipt(request)))
                    .contains("\"subject\":\"STAKE\"", "\"text\":\"10 ETH stand behind this batch until ");
        } finally {
            vertx.close();
        }
    }

    private static String receipt(String request) {
        return given().header("x-api-key", RouterUnderTest.KEY)
                .get("/v1/receipts/" + request)
                .asString();
    }

    /** What the command prints of a receipt that it has to verify. */
    private String verified(String receipt) throws IOException {
        StringWriter out = new StringWriter();
        int code = new CommandLine(new VerifyCommand())
                .setOut(new PrintWriter(out))
                .execute(
                        RecordedChain.file(folder, receipt).toString(),
                        "--json",
                        "--rpc",
                        ChainUnderTest.chain().rpc().toString(),
                        "--lane",
                        Long.toString(ChainUnderTest.LANE.value()));
        assertThat(code).as(out.toString()).isZero();
        return out.toString();
    }

    /** The router looks every ten seconds. */
    private static void await(BooleanSupplier condition) throws InterruptedException {
        long until = System.nanoTime() + PATIENCE.toNanos();
        while (!condition.getAsBoolean()) {
            assertThat(System.nanoTime()).as("it did not come about").isLessThan(until);
            Thread.sleep(200);
        }
    }

    private static List<Committed> batches(Web3jLaneChain lanes) {
        return lanes.time()
                .chain(time -> lanes.batches(ChainUnderTest.LANE, 0, time.latest()))
                .await()
                .atMost(LIMIT);
    }

    private static JsonPath stake() {
        return given().header("x-api-key", RouterUnderTest.KEY).get("/v1/stake").jsonPath();
    }
}
