package openledger.audit.charge;

import static org.assertj.core.api.Assertions.assertThat;

import java.math.BigInteger;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import openledger.audit.charge.Prosecution.Limits;
import openledger.audit.charge.Prosecution.Means;
import openledger.audit.charge.Prosecution.Plan;
import openledger.audit.charge.Prosecution.Step;
import openledger.audit.court.ChainTime;
import openledger.commitment.stake.VaultCall;
import openledger.commitment.stake.VaultFault;
import openledger.support.lane.HandLane;
import openledger.unit.Address;
import openledger.unit.Hash32;
import openledger.unit.Wei;
import org.junit.jupiter.api.Test;

final class ProsecutionTest {
    private static final long NOW = 1_800_000_100;
    private static final Wei GWEI = Wei.of(1_000_000_000);
    private static final Wei PLENTY = new Wei(Courtroom.ether("1"));
    private static final Wei BOND = new Wei(Courtroom.ether("0.0005"));

    private final HandLane lane = new HandLane(
            901, Address.of(new byte[Address.BYTES]), MisrouteFinderTest.LANE, Hash32.ZERO, 1_800_000_000_000L);

    private List<Charge> noise(int leaves, long block) {
        List<byte[]> bytes = new ArrayList<>();
        for (int i = 0; i < leaves; i++) {
            bytes.add(lane.noise());
        }
        BatchContent content = lane.batch(bytes).content(NOW - 50, block);
        return new MisrouteFinder(MisrouteFinderTest.LANE, Courtroom.TERMS, sequence -> Optional.empty())
                .take(content, HandLane::published);
    }

    private Charge game(long block) {
        BatchContent content = lane.batch(lane.fast(lane.key(lane.next()))).content(NOW - 50, block);
        MissingData missing = new MissingData(VaultFault.WITHHELD, new byte[1], Duration.ofSeconds(1));
        missing.missing(content.committed(), NOW - 10);
        return missing.due(NOW).getFirst();
    }

    private static Plan plan(List<Charge> charges, Limits limits, Means means) {
        return new Prosecution(Courtroom.TERMS, limits).plan(charges, means);
    }

    private static Limits limits(String aDay) {
        return new Limits(new Wei(Courtroom.ether(aDay)), Wei.ZERO, false);
    }

    private static Means means(long safe, long finalized) {
        return new Means(new ChainTime(1_000, NOW, safe, finalized), new Purse.Funds(PLENTY, GWEI), BOND, Wei.ZERO);
    }

    @Test
    void leavesOfOneBatchGoTogetherAndProofsBeforeGames() {
        List<Charge> charges = new ArrayList<>(List.of(game(5)));
        charges.addAll(noise(30, 10));
        charges.addAll(noise(1, 11));
        Plan plan = plan(charges, limits("0.1"), means(20, 10));

        assertThat(plan.held()).isEmpty();
        assertThat(plan.steps()).extracting(step -> step.charges().size()).containsExactly(24, 6, 1, 1);
        assertThat(plan.steps().getFirst().call()).isInstanceOf(VaultCall.ProveLeaves.class);
        assertThat(plan.steps().get(2).call()).isInstanceOf(VaultCall.ProveLeaf.class);
        Step game = plan.steps().getLast();
        assertThat(game.call()).isInstanceOf(VaultCall.OpenWithheld.class);
        assertThat(game.value()).isEqualTo(BOND);
    }

    @Test
    void aProofWaitsForSafeAndAGameForFinalized() {
        List<Charge> charges = new ArrayList<>(noise(1, 10));
        charges.add(game(10));

        assertThat(plan(charges, limits("0.1"), means(9, 9)).steps()).isEmpty();
        assertThat(plan(charges, limits("0.1"), means(10, 9)).steps())
                .extracting(Step::call)
                .hasOnlyElementsOfType(VaultCall.ProveLeaf.class)
                .hasSize(1);
        assertThat(plan(charges, limits("0.1"), means(10, 10)).steps()).hasSize(2);
    }

    @Test
    void theCapOfADayHoldsForAllOfItTogether() {
        List<Charge> charges = new ArrayList<>();
        for (int i = 0; i < 20; i++) {
            charges.add(game(10));
        }
        Plan plan = plan(charges, limits("0.003"), means(10, 10));
        BigInteger sum =
                plan.steps().stream().map(step -> step.outlay().value()).reduce(BigInteger.ZERO, BigInteger::add);

        assertThat(sum).isLessThanOrEqualTo(Courtroom.ether("0.003"));
        assertThat(plan.steps()).hasSize(4);
        assertThat(plan.held()).hasSize(16);
        Means spent = new Means(
                new ChainTime(1_000, NOW, 10, 10),
                new Purse.Funds(PLENTY, GWEI),
                BOND,
                new Wei(Courtroom.ether("0.003")));
        assertThat(plan(charges, limits("0.003"), spent).steps()).isEmpty();
    }

    @Test
    void theReserveStaysAndNobodyPaysMoreThanIsToBeHad() {
        List<Charge> charges = noise(1, 10);
        Limits reserve = new Limits(PLENTY, PLENTY, false);
        assertThat(plan(charges, reserve, means(10, 10)).held())
                .extracting(Prosecution.Held::why)
                .containsExactly("the account has not enough above its reserve");

        Means dear = new Means(
                new ChainTime(1_000, NOW, 10, 10), new Purse.Funds(PLENTY, GWEI.times(1_000)), BOND, Wei.ZERO);
        assertThat(plan(charges, limits("1"), dear).steps()).isEmpty();
        assertThat(plan(charges, new Limits(PLENTY, Wei.ZERO, true), dear).steps())
                .hasSize(1);
    }

    @Test
    void whatIsTooOldIsLeft() {
        Means late = new Means(
                new ChainTime(1_000, NOW + 8 * 86_400, 10, 10), new Purse.Funds(PLENTY, GWEI), BOND, Wei.ZERO);

        assertThat(plan(noise(1, 10), limits("1"), late).steps()).isEmpty();
    }

    @Test
    void theDocketKnowsWhatIsSettledAndWhatAReorganisationTook() {
        Docket docket = new Docket();
        Charge charge = noise(1, 10).getFirst();
        assertThat(docket.add(charge)).isTrue();
        assertThat(docket.add(charge)).isFalse();
        docket.filed(charge, 12, NOW);
        assertThat(docket.open()).isEmpty();
        docket.reopen(charge);
        assertThat(docket.open()).containsExactly(charge);
        docket.close(charge);
        assertThat(docket.add(charge)).isFalse();
        assertThat(docket.size()).isZero();
    }
}
