package openledger.chain.vault;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import java.util.List;
import java.util.stream.Collectors;
import openledger.audit.court.Trial;
import openledger.chain.rpc.NodeRevert;
import openledger.commitment.evm.Keccak256;
import openledger.support.LocalVault;
import org.junit.jupiter.api.Test;
import org.web3j.protocol.core.Response;

final class VaultErrorsTest {
    /** StakeShort(7, 1, 2). */
    private static final String SHORT = "%s" + "%064x".formatted(7) + "%064x".formatted(1) + "%064x".formatted(2);

    @Test
    void everyErrorOfTheContractIsKnown() throws IOException {
        List<String> declared = LocalVault.artifact().getJsonArray("abi").stream()
                .map(JsonObject.class::cast)
                .filter(entry -> "error".equals(entry.getString("type")))
                .map(entry -> entry.getString("name")
                        + entry.getJsonArray("inputs").stream()
                                .map(JsonObject.class::cast)
                                .map(input -> input.getString("type"))
                                .collect(Collectors.joining(",", "(", ")")))
                .toList();
        assertThat(VaultErrors.signatures()).containsAll(declared).contains("StakeShort(uint64,uint256,uint256)");
    }

    @Test
    void anErrorIsReadWithItsNumbers() {
        byte[] data = HexFormat.of().parseHex(SHORT.formatted(selector("StakeShort(uint64,uint256,uint256)")));
        assertThat(VaultErrors.read(data)).isEqualTo(new Trial.Refused("StakeShort", "StakeShort(7, 1, 2)"));
    }

    @Test
    void whatIsMalformedOrUnknownIsReadToo() {
        assertThat(VaultErrors.read(new byte[0])).isEqualTo(new Trial.Refused("", "without a reason"));
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
