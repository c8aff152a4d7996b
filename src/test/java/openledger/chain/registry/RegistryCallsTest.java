package openledger.chain.registry;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import openledger.chain.LocalChain;
import openledger.commitment.BatchHeader;
import openledger.commitment.HeaderVectors;
import openledger.commitment.evm.Keccak256;
import openledger.commitment.verify.ChainEvidence;
import openledger.commitment.verify.RegistryCode;
import openledger.settlement.ledger.LedgerCall;
import openledger.settlement.ledger.LedgerView.Lane;
import openledger.settlement.ledger.LedgerView.SigningKey;
import openledger.support.RegistryAbi;
import openledger.unit.Address;
import openledger.unit.Hash32;
import org.junit.jupiter.api.Test;

/** Calls against the contract's own description of itself. */
final class RegistryCallsTest {
    private static final Address ACCOUNT = LocalChain.ACCOUNT.address();
    private static final BatchHeader HEADER = HeaderVectors.ordinary();
    private static final HexFormat HEX = HexFormat.of();

    @Test
    void everyCallIsOfAFunctionThatTheContractHas() throws IOException {
        List<byte[]> calls = List.of(
                RegistryCalls.encode(LocalChain.opening(), ACCOUNT),
                RegistryCalls.encode(new LedgerCall.SetSigner(LocalChain.LANE, ACCOUNT), ACCOUNT),
                RegistryCalls.encode(new LedgerCall.PublishPolicy(LocalChain.LANE, new byte[1], List.of()), ACCOUNT),
                RegistryCalls.encode(new LedgerCall.Commit(HEADER, Optional.empty()), ACCOUNT),
                RegistryCalls.encode(new LedgerCall.Commit(HEADER, Optional.of(new byte[96])), ACCOUNT),
                RegistryCalls.headOf(LocalChain.LANE),
                RegistryCalls.laneOf(LocalChain.LANE),
                RegistryCalls.signerRetiredAt(LocalChain.LANE, ACCOUNT),
                RegistryCalls.policyPublishedAt(LocalChain.LANE, Hash32.ZERO));
        Set<String> known = RegistryAbi.signatures("function").stream()
                .map(signature -> HEX.formatHex(Keccak256.digest(signature.getBytes(StandardCharsets.US_ASCII)), 0, 4))
                .collect(Collectors.toSet());

        assertThat(calls).allSatisfy(call -> assertThat(known).contains(HEX.formatHex(call, 0, 4)));
    }

    @Test
    void theVerifierKnowsTheContractOfThisBuild() throws IOException {
        byte[] code = HEX.parseHex(
                RegistryAbi.artifact().getString("deployedBytecode").substring(2));

        assertThat(RegistryDeployer.address()).isEqualTo(RegistryCode.ADDRESS);
        assertThat(Hash32.of(Keccak256.digest(code))).isEqualTo(RegistryCode.HASH);
    }

    @Test
    void aLaneIsReadFromThreeAnswers() {
        byte[] head = words("2", "ab".repeat(32), "0", bare(ACCOUNT), "9", "3");
        byte[] accounts = words(bare(ACCOUNT), "0", "c0".repeat(20), "0", "5a".repeat(20));

        assertThat(RegistryCalls.lane(head, accounts, words("f".repeat(16))))
                .isEqualTo(new Lane.Open(
                        ACCOUNT,
                        Address.parse("0x" + "c0".repeat(20)),
                        Address.parse("0x" + "5a".repeat(20)),
                        SigningKey.SIGNS,
                        2,
                        Hash32.parse("0x" + "ab".repeat(32))));
        assertThat(((Lane.Open) RegistryCalls.lane(head, accounts, words("0"))).ours())
                .isEqualTo(SigningKey.UNKNOWN);
        assertThat(((Lane.Open) RegistryCalls.lane(head, accounts, words("6a"))).ours())
                .isEqualTo(SigningKey.RETIRED);
        assertThat(RegistryCalls.lane(words("0", "0", "0", "0", "0", "0"), words("0", "0", "0", "0", "0"), words("0")))
                .isEqualTo(new Lane.NotOpen());
        assertThat(RegistryCalls.lane(new byte[0], new byte[0], new byte[0])).isEqualTo(new Lane.NoRegistry());
    }

    @Test
    void aKeyThatSignsStillHasNoEnd() {
        assertThat(RegistryCalls.retiredAt(words("f".repeat(16)))).isEqualTo(ChainEvidence.NOT_RETIRED);
        assertThat(RegistryCalls.retiredAt(words("6a"))).isEqualTo(0x6a);
        assertThat(RegistryCalls.retiredAt(words("0"))).isZero();
    }

    private static byte[] words(String... hex) {
        StringBuilder all = new StringBuilder();
        for (String word : hex) {
            all.append("0".repeat(64 - word.length())).append(word);
        }
        return HEX.parseHex(all);
    }

    private static String bare(Address account) {
        return account.toString().substring(2);
    }
}
