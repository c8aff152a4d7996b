package openledger.verifier;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import openledger.commitment.HeaderVectors;
import openledger.commitment.evm.Keccak256;
import openledger.commitment.log.InclusionPath;
import openledger.commitment.verify.ChainEvidence;
import openledger.support.RegistryAbi;
import openledger.unit.Address;
import openledger.unit.Hash32;
import openledger.unit.LaneId;
import openledger.unit.RouteId;
import org.junit.jupiter.api.Test;

/** Calls and events of the verifier against the contract's own description of itself. */
final class RegistryQueriesTest {
    private static final LaneId LANE = new LaneId(7);
    private static final Address ACCOUNT = Address.parse("0x" + "c0".repeat(20));
    private static final HexFormat HEX = HexFormat.of();

    @Test
    void everyCallIsOfAFunctionThatTheContractHas() throws IOException {
        List<byte[]> calls = List.of(
                RegistryQueries.laneOf(LANE),
                RegistryQueries.signerRetiredAt(LANE, ACCOUNT),
                RegistryQueries.batchRecord(LANE, 1),
                RegistryQueries.routeOf(LANE, new RouteId(1)),
                RegistryQueries.verifyLeaf(
                        HeaderVectors.ordinary(), 1, new byte[96], new InclusionPath(0, 1, List.of())));
        Set<String> known = RegistryAbi.signatures("function").stream()
                .map(signature -> HEX.formatHex(Keccak256.digest(signature.getBytes(StandardCharsets.US_ASCII)), 0, 4))
                .collect(Collectors.toSet());

        assertThat(calls).allSatisfy(call -> assertThat(known).contains(HEX.formatHex(call, 0, 4)));
    }

    @Test
    void everyEventIsOneThatTheContractHas() throws IOException {
        Set<Hash32> known = RegistryAbi.signatures("event").stream()
                .map(signature -> Hash32.of(Keccak256.digest(signature.getBytes(StandardCharsets.US_ASCII))))
                .collect(Collectors.toSet());

        assertThat(known).contains(LaneEvents.POLICY_PUBLISHED, LaneEvents.BATCH_COMMITTED);
    }

    @Test
    void tiersOfARouteAreBytesOfOneWord() {
        assertThat(RegistryQueries.upTo(words("403f3e0d0c0b0a02", "1"))).containsExactly(2, 10, 11, 12, 13, 62, 63, 64);
        assertThat(RegistryQueries.upTo(words("0", "0"))).isEmpty();
        assertThat(RegistryQueries.upTo(new byte[0])).isEmpty();
    }

    @Test
    void aKeyThatSignsStillHasNoEnd() {
        assertThat(RegistryQueries.retiredAt(words("f".repeat(16)))).isEqualTo(ChainEvidence.NOT_RETIRED);
        assertThat(RegistryQueries.retiredAt(words("6a"))).isEqualTo(0x6a);
        assertThat(RegistryQueries.retiredAt(words("0"))).isZero();
    }

    @Test
    void aLaneHasAnOwnerAndASigner() {
        byte[] lane = words("c0".repeat(20), "0", "c1".repeat(20), "0", "c2".repeat(20));

        assertThat(RegistryQueries.owner(lane)).isEqualTo(ACCOUNT);
        assertThat(RegistryQueries.signer(lane)).isEqualTo(Address.parse("0x" + "c2".repeat(20)));
        assertThatThrownBy(() -> RegistryQueries.owner(words("0", "0", "0", "0", "0")))
                .hasMessage("nobody has opened the lane");
        assertThatThrownBy(() -> RegistryQueries.owner(new byte[3])).hasMessageContaining("malformed: laneOf");
    }

    private static byte[] words(String... hex) {
        StringBuilder all = new StringBuilder();
        for (String word : hex) {
            all.append("0".repeat(64 - word.length())).append(word);
        }
        return HEX.parseHex(all);
    }
}
