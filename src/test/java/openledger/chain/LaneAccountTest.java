package openledger.chain;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.vertx.core.Vertx;
import java.math.BigInteger;
import java.util.Optional;
import openledger.commitment.evm.Keccak256;
import openledger.commitment.evm.SignatureRecovery;
import openledger.demo.AnvilNode;
import openledger.unit.Address;
import openledger.unit.Hash32;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.web3j.crypto.Sign;

final class LaneAccountTest {
    private static final String KEY = AnvilNode.KEYS.getFirst();
    private static final Hash32 DIGEST = Hash32.of(Keccak256.digest(new byte[] {1}));

    private final LaneAccount account = LaneAccount.of(KEY);

    @Test
    void aKeyGivesItsAddressAndIsNeverShown() {
        assertThat(account.address()).isEqualTo(Address.parse("0xf39fd6e51aad88f6f4ce6ab8827279cfffb92266"));
        assertThat(LaneAccount.of("0x" + KEY).address()).isEqualTo(account.address());
        assertThat(account.toString())
                .doesNotContain(KEY)
                .contains(account.address().toString());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "0x",
                "1234",
                "zz0974bec39a17e36ba4a6b4d238ff944bacb478cbed5efcae784d7bf4f2ff80",
                "0000000000000000000000000000000000000000000000000000000000000000",
                "fffffffffffffffffffffffffffffffebaaedce6af48a03bbfd25e8cd0364141"
            })
    void whatIsNoKeyIsRefusedWithoutSayingIt(String text) {
        assertThatThrownBy(() -> LaneAccount.of(text))
                .isInstanceOf(IllegalArgumentException.class)
                .satisfies(why -> assertThat(String.valueOf(why.getMessage()))
                        .contains("private key")
                        .doesNotContain(text.length() > 4 ? text : "\n"));
    }

    @Test
    void whoSignedADigestCanBeRecovered() {
        Vertx vertx = Vertx.vertx();
        byte[] signature = LocalChain.await(new LaneSigner(vertx, account).sign(DIGEST));

        assertThat(signature).hasSize(SignatureRecovery.SIGNATURE_BYTES);
        assertThat(SignatureRecovery.signer(DIGEST, signature)).contains(account.address());
        assertThat(SignatureRecovery.signer(Hash32.ZERO, signature)).isNotEqualTo(Optional.of(account.address()));
        vertx.close();
    }

    @Test
    void aSignatureHasOneFormOnly() {
        Vertx vertx = Vertx.vertx();
        byte[] signature = LocalChain.await(new LaneSigner(vertx, account).sign(DIGEST));
        byte[] bent = signature.clone();
        byte[] s = new byte[32];
        System.arraycopy(signature, 32, s, 0, 32);
        byte[] other = Sign.CURVE_PARAMS.getN().subtract(new BigInteger(1, s)).toByteArray();
        System.arraycopy(other, other.length - 32, bent, 32, 32);
        bent[64] = (byte) (27 + 28 - signature[64]);

        assertThat(SignatureRecovery.signer(DIGEST, bent)).isEmpty();
        assertThat(SignatureRecovery.signer(DIGEST, new byte[65])).isEmpty();
        assertThat(SignatureRecovery.signer(DIGEST, new byte[3])).isEmpty();
        vertx.close();
    }
}
