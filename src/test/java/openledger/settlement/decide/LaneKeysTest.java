package openledger.settlement.decide;

import static openledger.settlement.decide.TestBlocks.block;
import static openledger.settlement.decide.TestBlocks.hash;
import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import openledger.commitment.BatchHeader;
import openledger.commitment.ConfirmationLevel;
import openledger.settlement.BatchStore.Unsettled;
import openledger.settlement.FakeChain;
import openledger.settlement.SequencerSettings;
import openledger.settlement.SequencerSettings.LaneAccounts;
import openledger.settlement.SequencerSettings.Preconfirmations;
import openledger.settlement.SettlementWorld;
import openledger.settlement.decide.NextStep.Halt;
import openledger.settlement.decide.NextStep.Send;
import openledger.settlement.decide.NextStep.SetSigner;
import openledger.settlement.decide.NextStep.Warn;
import openledger.settlement.ledger.LedgerView;
import openledger.settlement.ledger.LedgerView.Lane;
import openledger.settlement.ledger.LedgerView.SigningKey;
import openledger.unit.Address;
import openledger.unit.Hash32;
import openledger.unit.LaneId;
import org.junit.jupiter.api.Test;

/** What is next where a lane has another owner or another signing key than ours. One batch waits. */
final class LaneKeysTest {
    private static final SequencerSettings SETTINGS = SettlementWorld.settings(Preconfirmations.NONE);
    private static final Address STRANGER = Address.parse("0x" + "bb".repeat(20));
    private static final Unsettled BATCH = unsettled();

    private SequencerSettings settings = SETTINGS;
    private Lane lane = new Lane.NotOpen();

    private static Unsettled unsettled() {
        Hash32 policy = hash("policy");
        BatchHeader header = new BatchHeader(
                901,
                STRANGER,
                new LaneId(1),
                1,
                Hash32.ZERO,
                policy,
                1,
                0,
                Hash32.ZERO,
                1,
                1,
                0,
                1,
                1,
                1,
                Hash32.ZERO,
                Hash32.ZERO,
                0,
                0);
        return new Unsettled(
                header,
                header.head(),
                List.of(policy),
                ConfirmationLevel.RECORDED,
                Instant.EPOCH,
                List.of(),
                Optional.empty());
    }

    @Test
    void batchesThatWeDoNotKnowStopUs() {
        lane = new Lane.Open(
                FakeChain.ACCOUNT, FakeChain.ACCOUNT, FakeChain.SIGNER, SigningKey.SIGNS, 2, hash("theirs"));

        assertThat(decide()).singleElement().isInstanceOf(Halt.class);
    }

    @Test
    void aLaneThatAnotherAccountOpensIsAwaited() {
        settings = openedBy(STRANGER);
        lane = new Lane.NotOpen();

        assertThat(reason()).contains("only " + STRANGER + " can open it", FakeChain.SIGNER.toString());
    }

    @Test
    void aLaneOfSomebodyElseStopsCommitsWithTheReason() {
        lane = new Lane.Open(STRANGER, STRANGER, STRANGER, SigningKey.UNKNOWN, 0, Hash32.ZERO);

        assertThat(reason()).contains("belongs to " + STRANGER, "openledger.lane", "rotateCommitter");
    }

    @Test
    void ourOwnLaneGetsOurSigningKeyBeforeAnythingIsCommitted() {
        lane = new Lane.Open(FakeChain.ACCOUNT, FakeChain.ACCOUNT, STRANGER, SigningKey.UNKNOWN, 0, Hash32.ZERO);

        assertThat(decide()).containsExactly(new SetSigner(5));
    }

    @Test
    void whereOnlyTheOwnerCanChangeTheSigningKeyCommitsGoOn() {
        lane = new Lane.Open(STRANGER, FakeChain.ACCOUNT, STRANGER, SigningKey.UNKNOWN, 0, Hash32.ZERO);

        assertThat(decide())
                .hasSize(2)
                .contains(new Send(BATCH, 5, Optional.empty()))
                .anySatisfy(step -> assertThat(step).isInstanceOf(Warn.class));
    }

    @Test
    void aRetiredSigningKeyStopsCommits() {
        lane = new Lane.Open(FakeChain.ACCOUNT, FakeChain.ACCOUNT, STRANGER, SigningKey.RETIRED, 0, Hash32.ZERO);

        assertThat(reason()).contains(FakeChain.SIGNER + " was retired", "signer-key-env");
    }

    private List<NextStep> decide() {
        LaneSnapshot state =
                new LaneSnapshot(1, BATCH.head(), 1, List.of(BATCH), Map.of(), 0, Optional.empty(), 0, Instant.MIN);
        LedgerView view = new LedgerView(block(100), block(95), block(90), 5, lane, Duration.ZERO);
        return NextSteps.decide(
                settings, state, new Evidence(view, Map.of(), Map.of(), Set.copyOf(BATCH.policies()), Instant.EPOCH));
    }

    private String reason() {
        return ((Halt) decide().getFirst()).reason();
    }

    private static SequencerSettings openedBy(Address opener) {
        return new SequencerSettings(
                SETTINGS.registry(),
                new LaneAccounts(opener, 1, FakeChain.ACCOUNT, FakeChain.SIGNER),
                SETTINGS.lane(),
                SETTINGS.cut(),
                SETTINGS.inFlight(),
                SETTINGS.leaves(),
                SETTINGS.evidence(),
                SETTINGS.pace(),
                SETTINGS.feeCap(),
                SETTINGS.warning());
    }
}
