package openledger.commitment.evm;

import static org.assertj.core.api.Assertions.assertThat;

import java.math.BigInteger;
import java.util.Optional;
import java.util.Random;
import openledger.unit.Address;
import openledger.unit.Hash32;
import org.junit.jupiter.api.Test;
import org.web3j.crypto.ECKeyPair;
import org.web3j.crypto.Keys;
import org.web3j.crypto.Sign;

/** The recovery against another implementation of the curve. */
final class SignatureRecoveryTest {
    private static final int CASES = 200;

    private final Random random = new Random(20);

    @Test
    void findsTheSignerOfEachSignature() {
        for (int i = 0; i < CASES; i++) {
            ECKeyPair key = ECKeyPair.create(new BigInteger(1, bytes(31)).add(BigInteger.ONE));
            Hash32 digest = Hash32.of(i == 0 ? new byte[32] : bytes(32));
            byte[] signature = sign(key, digest);

            assertThat(SignatureRecovery.signer(digest, signature))
                    .contains(Address.parse("0x" + Keys.getAddress(key)));
        }
    }

    @Test
    void whatWasChangedIsNotOfTheSigner() {
        ECKeyPair key = ECKeyPair.create(BigInteger.TWO);
        Hash32 digest = Hash32.of(bytes(32));
        Address signer = Address.parse("0x" + Keys.getAddress(key));
        for (int i = 0; i < CASES; i++) {
            byte[] changed = sign(key, digest);
            int place = random.nextInt(changed.length);
            changed[place] ^= (byte) (1 << random.nextInt(8));

            assertThat(SignatureRecovery.signer(digest, changed)).isNotEqualTo(Optional.of(signer));
        }
    }

    @Test
    void valuesAtTheEdgesAreNobodys() {
        byte[] signature = sign(ECKeyPair.create(BigInteger.TWO), Hash32.ZERO);
        for (int from : new int[] {0, 32}) {
            for (int value : new int[] {0, 0xff}) {
                byte[] edge = signature.clone();
                java.util.Arrays.fill(edge, from, from + 32, (byte) value);
                assertThat(SignatureRecovery.signer(Hash32.ZERO, edge)).isEmpty();
            }
        }
        // The hash and r of which key and nonce cancel each other out: the point at infinity.
        byte[] generator = new byte[65];
        System.arraycopy(
                new BigInteger("79be667ef9dcbbac55a06295ce870b07029bfcdb2dce28d959f2815b16f81798", 16).toByteArray(),
                0,
                generator,
                0,
                32);
        generator[63] = 1;
        generator[64] = 27;
        byte[] one = new byte[32];
        one[31] = 1;
        assertThat(SignatureRecovery.signer(Hash32.of(one), generator)).isEmpty();
    }

    private byte[] bytes(int length) {
        byte[] bytes = new byte[length];
        random.nextBytes(bytes);
        return bytes;
    }

    private static byte[] sign(ECKeyPair key, Hash32 digest) {
        Sign.SignatureData made = Sign.signMessage(digest.bytes(), key, false);
        byte[] signature = new byte[SignatureRecovery.SIGNATURE_BYTES];
        System.arraycopy(made.getR(), 0, signature, 0, 32);
        System.arraycopy(made.getS(), 0, signature, 32, 32);
        signature[64] = made.getV()[0];
        return signature;
    }
}
