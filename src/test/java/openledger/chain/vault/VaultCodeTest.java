package openledger.chain.vault;

import static org.assertj.core.api.Assertions.assertThat;

import java.math.BigInteger;
import java.util.List;
import openledger.commitment.stake.VaultCode;
import openledger.commitment.stake.VaultTerms;
import openledger.commitment.verify.RegistryCode;
import openledger.support.LocalVault;
import openledger.unit.Address;
import org.junit.jupiter.api.Test;

final class VaultCodeTest {
    private static final Address OTHER = Address.parse("0x" + "5a".repeat(20));

    @Test
    void aVaultIsWhereItsCodeAndTermsPutIt() {
        for (Address registry : List.of(RegistryCode.ADDRESS, OTHER)) {
            for (VaultTerms terms : List.of(VaultTerms.USUAL, LocalVault.TERMS)) {
                assertThat(VaultCode.address(registry, terms))
                        .as("make generate")
                        .isEqualTo(new VaultContracts(registry, terms).vault().address());
            }
        }
    }

    @Test
    void otherTermsAreAnotherVault() {
        VaultTerms usual = VaultTerms.USUAL;
        VaultTerms dearer = new VaultTerms(
                usual.floor(),
                usual.stakePerLeaf(),
                usual.volumeWindow(),
                usual.leafPenalty().add(BigInteger.ONE),
                usual.promisePenalty(),
                usual.mostPerBatch(),
                usual.bond(),
                usual.bondGas(),
                usual.reporterBps(),
                usual.window(),
                usual.response(),
                usual.anchorMost(),
                usual.grace());

        assertThat(VaultCode.address(RegistryCode.ADDRESS, dearer))
                .isNotEqualTo(VaultCode.address(RegistryCode.ADDRESS, usual));
    }
}
