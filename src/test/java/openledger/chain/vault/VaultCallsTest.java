package openledger.chain.vault;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.HexFormat;
import openledger.chain.rpc.RpcFailure;
import openledger.commitment.stake.VaultTerms;
import org.junit.jupiter.api.Test;

final class VaultCallsTest {
    @Test
    void termsAreAsked() {
        assertThat(HexFormat.of().formatHex(VaultCalls.terms())).isEqualTo("d5025625");
    }

    @Test
    void nothingIsNoVaultAndAnythingElseIsMalformed() {
        assertThat(VaultCalls.terms(new byte[0])).isEmpty();
        assertThat(VaultCalls.terms(new byte[VaultTerms.BYTES])).isPresent();
        assertThatThrownBy(() -> VaultCalls.terms(new byte[32])).isInstanceOf(RpcFailure.class);
    }
}
