package openledger.commitment.verify;

import static org.assertj.core.api.Assertions.assertThat;

import java.math.BigInteger;
import java.util.List;
import java.util.Optional;
import openledger.commitment.stake.GateEvidence;
import openledger.commitment.stake.StakeCheck;
import openledger.commitment.stake.StakeCheck.Window;
import openledger.commitment.stake.StakeClaim;
import openledger.commitment.stake.VaultCode;
import openledger.commitment.stake.VaultTerms;
import openledger.commitment.verify.ChainEvidence.SeenBlock;
import openledger.commitment.verify.NodeTestimony.Said;
import openledger.commitment.verify.NodeTestimony.Silent;
import openledger.commitment.verify.ReceiptVerification.Finding;
import openledger.unit.Address;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What no node is there to say; what one can say is in {@code clients/vectors/staked.json}. */
final class StakeCheckTest {
    private static final VaultTerms TERMS = VaultTerms.USUAL;
    private static final Address VAULT = VaultCode.address(ReceiptFixture.REGISTRY, TERMS);

    private final ReceiptFixture fixture = new ReceiptFixture();

    @BeforeEach
    void stake() {
        long until = fixture.committedAt + TERMS.window().toSeconds();
        fixture.stake = Optional.of(
                new StakeClaim(VAULT, BigInteger.TEN, TERMS.leafPenalty(), TERMS.promisePenalty(), until, false));
        fixture.gate = new Said<>(new GateEvidence(
                VAULT, new Said<>(until), new Said<>(new GateEvidence.Answers(TERMS, BigInteger.TWO, false))));
    }

    @Test
    void whatTheVaultSaysIsShown() {
        assertThat(StakeCheck.of(fixture.receipt(), fixture.evidence()))
                .isEqualTo(new StakeCheck(
                        new Finding.Passed(
                                "0.000000000000000002 ETH stand behind this batch until 2026-12-02T09:46:42Z;"
                                        + " the receipt says 0.00000000000000001 ETH."),
                        Window.OPEN));
    }

    @Test
    void aGateIsSaidWhereTheReceiptHasNoStake() {
        fixture.stake = Optional.empty();
        assertThat(StakeCheck.of(fixture.receipt(), fixture.evidence()).finding())
                .isEqualTo(new Finding.Skipped(
                        "There is no stake in the receipt, although lane 7 has a gate: " + VAULT + "."));

        for (NodeTestimony<GateEvidence> gate : List.<NodeTestimony<GateEvidence>>of(
                new Silent<>("no node was asked"),
                new Said<>(new GateEvidence(GateEvidence.NONE, new Silent<>(""), new Silent<>(""))))) {
            fixture.gate = gate;
            assertThat(StakeCheck.of(fixture.receipt(), fixture.evidence()).finding())
                    .isEqualTo(new Finding.Skipped("There is no stake in the receipt."));
        }
    }

    @Test
    void aStateHasNoVault() {
        ChainEvidence said = fixture.evidence();
        ChainEvidence state = new ChainEvidence(
                said.chainId(),
                said.registryCode(),
                said.batchRecord(),
                said.transaction(),
                said.committed(),
                said.canonical(),
                said.tags(),
                said.leafVerified(),
                said.upTo(),
                said.policies(),
                said.laneOwner(),
                said.signerRetiredAt(),
                said.promiseSigner(),
                said.headSignerRetiredAt(),
                new Silent<>("a state of the registry has no vault."),
                Optional.of(new SeenBlock(1, fixture.head, 1)));

        assertThat(StakeCheck.of(fixture.receipt(), state).finding())
                .isEqualTo(new Finding.Skipped(
                        "The proofs are from the registry's state alone, which has nothing of a vault."));
    }

    @Test
    void withoutANodeNothingIsChecked() {
        assertThat(StakeCheck.of(fixture.receipt(), ChainEvidence.none("no --rpc was given."))
                        .finding())
                .isEqualTo(new Finding.Skipped("No node was asked about the vault: no --rpc was given."));
    }

    /** Each of the two numbers is possible, and their sum is none. */
    @Test
    void theLargestTimesAreNoOverflow() {
        fixture.stake = Optional.of(new StakeClaim(
                VAULT, BigInteger.TEN, TERMS.leafPenalty(), TERMS.promisePenalty(), Long.MAX_VALUE, false));

        assertThat(StakeCheck.of(fixture.receipt(), fixture.evidence()).finding())
                .isInstanceOf(Finding.Failed.class);
    }
}
