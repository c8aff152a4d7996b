package openledger.chain.vault;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HexFormat;
import java.util.List;
import java.util.stream.Collectors;
import openledger.audit.court.Trial;
import openledger.chain.rpc.NodeRevert;
import openledger.commitment.evm.Keccak256;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.web3j.protocol.core.Response;

final class VaultErrorsTest {
    /** StakeShort(7, 1, 2). */
    private static final String SHORT = "%s" + "%064x".formatted(7) + "%064x".formatted(1) + "%064x".formatted(2);

    /** Of each contract that a call may reach; a new error without a sentence fails here. */
    @ParameterizedTest
    @ValueSource(strings = {"StakeVault", "Answers"})
    void everyErrorOfTheContractHasASentence(String contract) throws IOException {
        List<JsonObject> declared = errors(contract);
        assertThat(declared).isNotEmpty();
        for (JsonObject error : declared) {
            String name = error.getString("name");
            List<JsonObject> inputs = error.getJsonArray("inputs").stream()
                    .map(JsonObject.class::cast)
                    .toList();
            String types =
                    inputs.stream().map(input -> input.getString("type")).collect(Collectors.joining(",", "(", ")"));
            if (types.contains("bytes)")) {
                continue; // The reason of one answer among many, which is read by itself.
            }
            StringBuilder data = new StringBuilder(selector(name + types));
            inputs.forEach(input -> data.append("%064x".formatted(value(input))));

            Trial.Refused refused = VaultErrors.read(HexFormat.of().parseHex(data));

            assertThat(refused.error()).isEqualTo(name);
            assertThat(refused.reason())
                    .as(name)
                    .doesNotContain(name, "{", "}")
                    .matches("(?s)[a-z0-9].*[^.]")
                    .hasSizeGreaterThan(15);
            for (JsonObject input : inputs) {
                switch (input.getString("name")) {
                    case "from", "until", "anchorBy", "deadline" ->
                        assertThat(refused.reason()).as(name).contains("2027-01-15T08:00:00Z");
                    case "active", "required", "least" ->
                        assertThat(refused.reason()).as(name).contains("0.5 ETH");
                    default -> {}
                }
            }
        }
    }

    /** Half an ether where it is an amount, a date where it is a time, and something else where it is neither. */
    private static BigInteger value(JsonObject input) {
        return switch (input.getString("name")) {
            case "from", "until", "anchorBy", "deadline" -> BigInteger.valueOf(1_800_000_000L);
            case "active", "required", "least" -> BigInteger.TEN.pow(18).shiftRight(1);
            default -> BigInteger.valueOf(77);
        };
    }

    private static List<JsonObject> errors(String contract) throws IOException {
        Path file = Path.of("contracts/artifacts/" + contract + ".json");
        return new JsonObject(Files.readString(file))
                .getJsonArray("abi").stream()
                        .map(JsonObject.class::cast)
                        .filter(entry -> "error".equals(entry.getString("type")))
                        .toList();
    }

    @Test
    void anErrorIsReadWithItsNumbers() {
        byte[] data = HexFormat.of().parseHex(SHORT.formatted(selector("StakeShort(uint64,uint256,uint256)")));
        assertThat(VaultErrors.read(data))
                .isEqualTo(new Trial.Refused(
                        "StakeShort",
                        "lane 7 has an active stake of 0.000000000000000001 ETH, and needs 0.000000000000000002 ETH to commit:"
                                + " put more behind it, with openledger stake deposit"));
    }

    @Test
    void aTimeThatIsNoDateIsShownAsANumber() {
        byte[] data = HexFormat.of().parseHex(selector("TooEarly(uint256)") + "f".repeat(64));

        assertThat(VaultErrors.read(data).reason()).contains("Unix second 1157920892");
    }

    @Test
    void whatIsMalformedOrUnknownIsReadToo() {
        assertThat(VaultErrors.read(new byte[0])).isEqualTo(new Trial.Refused("", "it gives no reason"));
        assertThat(VaultErrors.read(new byte[] {1, 2, 3, 4, 5}).reason()).contains("0x01020304");
        byte[] cut = HexFormat.of().parseHex(selector("StakeShort(uint64,uint256,uint256)"));
        assertThat(VaultErrors.read(cut).error()).isEqualTo("StakeShort");
    }

    @Test
    void nodesSayItInTheirOwnWays() {
        Response.Error geth = new Response.Error(3, "execution reverted");
        geth.setData("\"0x01020304\"");
        Response.Error other = new Response.Error(-32015, "VM execution error.");
        other.setData("Reverted 0x0102030");
        Response.Error bare = new Response.Error(-32000, "execution reverted");
        Response.Error own = new Response.Error(-32005, "limit exceeded");
        assertThat(NodeRevert.of(geth))
                .hasValueSatisfying(data -> assertThat(data).containsExactly(1, 2, 3, 4));
        assertThat(NodeRevert.of(other))
                .hasValueSatisfying(data -> assertThat(data).containsExactly(1, 2, 3));
        assertThat(NodeRevert.of(bare))
                .hasValueSatisfying(data -> assertThat(data).isEmpty());
        assertThat(NodeRevert.of(own)).isEmpty();
    }

    private static String selector(String signature) {
        return HexFormat.of().formatHex(Keccak256.digest(signature.getBytes(StandardCharsets.US_ASCII)), 0, 4);
    }
}
