package openledger.commitment;

import static openledger.commitment.HeadSigning.KEY;
import static openledger.commitment.HeadSigning.OTHER_KEY;
import static openledger.commitment.HeadSigning.SIGNER;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.math.BigInteger;
import java.util.Optional;
import java.util.Set;
import openledger.commitment.leaf.Breach;
import openledger.commitment.leaf.ProvableFault;
import openledger.unit.Address;
import openledger.unit.Hash32;
import org.junit.jupiter.api.Test;
import org.web3j.crypto.Credentials;
import org.web3j.crypto.Hash;
import org.web3j.utils.Numeric;

/** What is signed of a head, and what two signed heads prove. */
final class SignedHeadTest {
    private static final Set<Address> KEYS = Set.of(SIGNER);
    private static final BatchHeader HEADER = HeaderVectors.ordinary();
    private static final Hash32 ANOTHER = Hash32.of(VectorsWriter.word("another head"));

    private static SignedHead signed(LaneHead head, Credentials key) {
        return HeadSigning.sign(HEADER.chainId(), HEADER.registry(), head, key);
    }

    private static LaneHead other() {
        return new LaneHead(HEADER.lane().value(), HEADER.sequence(), ANOTHER);
    }

    private static Optional<ProvableFault> fault(SignedHead one, SignedHead other) {
        return HeaderFaults.equivocated(one, other, KEYS::contains).map(Breach::fault);
    }

    /** By another keccak, from the words of EIP-712 as a person writes them. */
    @Test
    void theDigestIsThatOfAnotherImplementation() {
        LaneHead head = new LaneHead(7, 42, ANOTHER);
        String domain =
                keccak(text("EIP712Domain(string name,string version,uint256 chainId,address verifyingContract)")
                        + text("OpenLedger")
                        + text("2")
                        + "%064x".formatted(901)
                        + "00".repeat(12)
                        + "ab".repeat(20));
        String struct = keccak(text("Head(uint64 lane,uint64 sequence,bytes32 head)")
                + "%064x".formatted(7)
                + "%064x".formatted(42)
                + ANOTHER.toString().substring(2));

        assertThat(head.digest(901, Address.parse("0x" + "ab".repeat(20))).toString())
                .isEqualTo("0x" + keccak("1901" + domain + struct));
    }

    private static String text(String ascii) {
        return Numeric.cleanHexPrefix(Hash.sha3String(ascii));
    }

    private static String keccak(String hex) {
        return Numeric.cleanHexPrefix(Hash.sha3("0x" + hex));
    }

    @Test
    void theSignatureNamesItsSigner() {
        SignedHead head = signed(LaneHead.of(HEADER), KEY);

        assertThat(head.recovered()).contains(SIGNER);
        assertThat(new BigInteger(head.signatureText().substring(2), 16)).isPositive();
        assertThat(SignedHead.of(HEADER, head.signature(), SIGNER).digest()).isEqualTo(head.digest());
        assertThatThrownBy(() -> SignedHead.of(HEADER, new byte[64], SIGNER))
                .isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void twoHeadsOfOneSequenceAreAnEquivocation() {
        SignedHead one = signed(LaneHead.of(HEADER), KEY);

        assertThat(fault(one, signed(other(), KEY))).contains(ProvableFault.EQUIVOCATED);
        assertThat(HeaderFaults.equivocated(one, signed(other(), KEY), KEYS::contains)
                        .orElseThrow()
                        .why())
                .contains(HEADER.head().toString(), ANOTHER.toString());
    }

    @Test
    void anythingElseIsNone() {
        SignedHead one = signed(LaneHead.of(HEADER), KEY);
        long lane = HEADER.lane().value();

        assertThat(fault(one, one)).isEmpty();
        assertThat(fault(one, signed(new LaneHead(lane, HEADER.sequence() + 1, ANOTHER), KEY)))
                .isEmpty();
        assertThat(fault(one, signed(new LaneHead(lane + 1, HEADER.sequence(), ANOTHER), KEY)))
                .isEmpty();
        assertThat(fault(one, HeadSigning.sign(HEADER.chainId() + 1, HEADER.registry(), other(), KEY)))
                .isEmpty();
        assertThat(fault(one, HeadSigning.sign(HEADER.chainId(), SIGNER, other(), KEY)))
                .isEmpty();
        assertThat(fault(one, signed(other(), OTHER_KEY))).isEmpty();
        SignedHead stranger = signed(other(), OTHER_KEY);
        // Whose signature it is counts, not whose it is said to be.
        assertThat(fault(
                        one,
                        new SignedHead(
                                stranger.chainId(),
                                stranger.registry(),
                                stranger.head(),
                                stranger.signature(),
                                SIGNER)))
                .isEmpty();
        assertThat(fault(signed(other(), OTHER_KEY), one)).isEmpty();
    }
}
