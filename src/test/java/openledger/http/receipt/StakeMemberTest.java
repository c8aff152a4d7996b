package openledger.http.receipt;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.smallrye.mutiny.Uni;
import java.math.BigInteger;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import openledger.audit.court.ChainTime;
import openledger.audit.court.Court;
import openledger.audit.court.Filing;
import openledger.audit.court.LaneGuard;
import openledger.audit.court.StakeWatch;
import openledger.audit.court.Told;
import openledger.audit.court.Trial;
import openledger.commitment.BatchHeader;
import openledger.commitment.ConfirmationLevel;
import openledger.commitment.HeaderVectors;
import openledger.commitment.leaf.LeafEncoding;
import openledger.commitment.log.InclusionPath;
import openledger.commitment.stake.Game;
import openledger.commitment.stake.GameId;
import openledger.commitment.stake.LanePool;
import openledger.commitment.stake.StakePosition;
import openledger.commitment.stake.VaultCall;
import openledger.commitment.stake.VaultEvent;
import openledger.commitment.stake.VaultFault;
import openledger.commitment.stake.VaultTerms;
import openledger.http.StakeAccess;
import openledger.settlement.ledger.BlockRef;
import openledger.settlement.ledger.Inclusion;
import openledger.settlement.ledger.Ledger.LedgerUnavailable;
import openledger.settlement.receipt.Batches.Located;
import openledger.settlement.receipt.SettledBatch;
import openledger.unit.Address;
import openledger.unit.Hash32;
import openledger.unit.LaneId;
import openledger.unit.RequestId;
import openledger.unit.Wei;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What a receipt says of the stake behind a leaf, by what a vault has told. Long because it plays a vault. */
final class StakeMemberTest {
    private static final Duration LIMIT = Duration.ofSeconds(5);
    private static final BatchHeader HEADER = HeaderVectors.ordinary();
    private static final LaneId LANE = HEADER.lane();
    private static final Address VAULT = Address.parse("0x" + "a1".repeat(20));
    private static final VaultTerms TERMS = VaultTerms.USUAL;
    private static final long INDEX = HEADER.firstIndex() + 5;
    private static final long COMMITTED_AT = 1_795_600_002;
    private static final long UNTIL = COMMITTED_AT + TERMS.window().toSeconds();
    private static final long COUNTER = 49_300;
    private static final byte[] LEAF = ByteBuffer.allocate(LeafEncoding.BYTES)
            .put(Hash32.parse("0x" + "5c".repeat(32)).bytes())
            .putLong(24, COUNTER)
            .array();
    private static final Hash32 KEY = Hash32.of(LEAF, 0);
    private static final Hash32 SOME = Hash32.parse("0x" + "77".repeat(32));

    private final FakeVault vault = new FakeVault();
    private final StakeWatch watch = new StakeWatch(vault, LANE);

    @Test
    void saysWhatIsActiveAndWhatAPenaltyCosts() {
        assertThat(look(ConfirmationLevel.FINALIZED)).hasToString("""
                {"level":"FINALIZED","stake":{"vault":"0xa1a1a1a1a1a1a1a1a1a1a1a1a1a1a1a1a1a1a1a1",\
                "active":"340282366920938463463374607431768211455","as_of":1795600100,"leaf_penalty":"50000000000000",\
                "promise_penalty":"500000000000000","challengeable_until":1796204802,"punished":false}}""");
    }

    @Test
    void aLeafIsSettledOnceTheChainsTimeIsPastItsWindow() {
        vault.seconds = UNTIL;
        assertThat(level()).isEqualTo("FINALIZED");
        vault.seconds = UNTIL + 1;
        assertThat(level()).isEqualTo("SETTLED");
    }

    @Test
    void aPunishedLeafSaysTheFaultAndIsNeverSettled() {
        vault.seconds = UNTIL + 1;
        vault.penalised(HEADER.sequence(), VaultFault.FELL_BACK_EARLY, GameId.subject(INDEX));

        ObjectNode leaf = look(ConfirmationLevel.SETTLED);

        assertThat(leaf.get("level").asText()).isEqualTo("FINALIZED");
        assertThat(leaf.at("/stake/punished").asBoolean()).isTrue();
        assertThat(leaf.at("/stake/penalty"))
                .hasToString("{\"fault\":\"FELL_BACK_EARLY\",\"transaction\":\"" + SOME + "\"}");
    }

    @Test
    void aPenaltyForAnotherLeafIsNotOfThisOne() {
        vault.seconds = UNTIL + 1;
        vault.penalised(HEADER.sequence(), VaultFault.FELL_BACK_EARLY, GameId.subject(INDEX + 1));
        vault.penalised(HEADER.sequence() + 1, VaultFault.FELL_BACK_EARLY, GameId.subject(INDEX));
        vault.penalised(HEADER.sequence(), VaultFault.DIFFERS, SOME);

        ObjectNode leaf = look(ConfirmationLevel.SETTLED);

        assertThat(leaf.get("level").asText()).isEqualTo("SETTLED");
        assertThat(leaf.at("/stake/punished").asBoolean()).isFalse();
        assertThat(leaf.at("/stake").has("penalty")).isFalse();
    }

    /** The vault marks the leaf for no fork, so no verifier would find it punished. */
    @Test
    void aForkOfTheLogHoldsALeafBackAndIsNoPunishmentOfIt() {
        vault.seconds = UNTIL + 1;
        vault.penalised(HEADER.sequence(), VaultFault.LOG_FORKED, GameId.subject(INDEX));

        ObjectNode leaf = look(ConfirmationLevel.SETTLED);

        assertThat(leaf.get("level").asText()).isEqualTo("FINALIZED");
        assertThat(leaf.at("/stake/punished").asBoolean()).isFalse();
    }

    @ParameterizedTest
    @EnumSource(
            value = VaultFault.class,
            names = {"WITHHELD", "RECORD_WITHHELD", "PLAN_MISSING", "OUTCOME_MISSING", "OMITTED"})
    void aGameAboutTheLeafHoldsItBackUntilItIsAnsweredAndForEverIfItIsLost(VaultFault fault) {
        vault.seconds = UNTIL + 1;
        Hash32 subject = switch (fault) {
            case WITHHELD, RECORD_WITHHELD -> GameId.subject(INDEX);
            case OUTCOME_MISSING -> GameId.subject(COUNTER);
            default -> KEY;
        };
        vault.challenged(fault, subject);
        assertThat(level()).isEqualTo("FINALIZED");
        vault.tell(new VaultEvent.Answered(id(fault, subject), LANE));
        assertThat(level()).isEqualTo("SETTLED");

        vault.told.removeLast();
        vault.tell(new VaultEvent.Lost(id(fault, subject), LANE));
        assertThat(level()).isEqualTo("FINALIZED");
    }

    @Test
    void aGameAboutAnotherLeafOfTheBatchHoldsItBackWhileItIsOpen() {
        vault.seconds = UNTIL + 1;
        for (long place : new long[] {HEADER.firstIndex(), HEADER.size() - 1}) {
            vault.told.clear();
            Hash32 subject = GameId.subject(place);
            vault.challenged(VaultFault.WITHHELD, subject);
            assertThat(level()).isEqualTo("FINALIZED");
            vault.tell(new VaultEvent.Lost(id(VaultFault.WITHHELD, subject), LANE));
            assertThat(level()).isEqualTo("SETTLED");
        }
    }

    @Test
    void aGameAboutSomethingElseDoesNot() {
        vault.seconds = UNTIL + 1;
        vault.challenged(VaultFault.WITHHELD, GameId.subject(HEADER.firstIndex() - 1));
        vault.challenged(VaultFault.RECORD_WITHHELD, GameId.subject(HEADER.size()));
        vault.challenged(VaultFault.OUTCOME_MISSING, GameId.subject(COUNTER + 1));
        vault.challenged(VaultFault.OUTCOME_MISSING, GameId.subject(INDEX));
        vault.challenged(VaultFault.PLAN_MISSING, SOME);
        vault.challenged(VaultFault.OMITTED, SOME);

        assertThat(level()).isEqualTo("SETTLED");
    }

    @Test
    void aVaultThatWasNeverReadSettlesNothingAndSaysNothing() {
        assertThat(show(ConfirmationLevel.SETTLED)).hasToString("{\"level\":\"FINALIZED\"}");
    }

    @Test
    void aVaultThatIsNotTheLanesGateStandsBehindNothing() {
        vault.seconds = UNTIL + 1;
        vault.isGate = false;

        assertThat(look(ConfirmationLevel.SETTLED)).hasToString("{\"level\":\"SETTLED\"}");
    }

    @Test
    void ofALeafThatIsOlderThanWhatIsWatchedTheVaultIsAsked() {
        vault.seconds = COMMITTED_AT + Duration.ofDays(31).toSeconds();
        assertThat(level()).isEqualTo("SETTLED");
        assertThat(vault.asked).containsExactly("42/5");

        vault.isMarked = Uni.createFrom().item(true);
        ObjectNode leaf = look(ConfirmationLevel.SETTLED);
        assertThat(leaf.get("level").asText()).isEqualTo("FINALIZED");
        assertThat(leaf.at("/stake/punished").asBoolean()).isTrue();
        assertThat(leaf.at("/stake").has("penalty")).isFalse();
    }

    @Test
    void whatNobodySaysOfAnOldLeafIsNotGuessed() {
        vault.seconds = COMMITTED_AT + Duration.ofDays(31).toSeconds();
        vault.isMarked = Uni.createFrom().failure(new LedgerUnavailable("no node"));
        assertThat(look(ConfirmationLevel.SETTLED)).hasToString("{\"level\":\"FINALIZED\"}");
        vault.isMarked = Uni.createFrom().nothing();
        assertThat(look(ConfirmationLevel.SETTLED)).hasToString("{\"level\":\"FINALIZED\"}");
    }

    @Test
    void ofAYoungLeafNobodyIsAsked() {
        vault.isMarked = Uni.createFrom().failure(new AssertionError("nobody should ask"));

        look(ConfirmationLevel.FINALIZED);

        assertThat(vault.asked).isEmpty();
    }

    @Test
    void aLeafOfAnotherLaneHasNoStakeOfOurs() {
        watch.step().await().atMost(LIMIT);
        StakeMember member = new StakeMember(new StakeAccess(Optional.of(watch)), new RequestId(LANE.value() + 1, 1));
        ObjectNode leaf = leaf(ConfirmationLevel.SETTLED);

        member.addTo(leaf, member.of(Optional.of(located(true))).await().atMost(LIMIT));

        assertThat(leaf).hasToString("{\"level\":\"SETTLED\"}");
    }

    @Test
    void aLeafThatIsNotOnChainHasNone() {
        watch.step().await().atMost(LIMIT);
        StakeMember member = new StakeMember(new StakeAccess(Optional.of(watch)), new RequestId(LANE.value(), 1));

        assertThat(member.of(Optional.of(located(false))).await().atMost(LIMIT)).isEmpty();
        assertThat(member.of(Optional.empty()).await().atMost(LIMIT)).isEmpty();
    }

    private String level() {
        return look(ConfirmationLevel.SETTLED).get("level").asText();
    }

    private ObjectNode look(ConfirmationLevel level) {
        watch.step().await().atMost(LIMIT);
        return show(level);
    }

    private ObjectNode show(ConfirmationLevel level) {
        StakeMember member = new StakeMember(new StakeAccess(Optional.of(watch)), new RequestId(LANE.value(), 1));
        ObjectNode leaf = leaf(level);
        member.addTo(leaf, member.of(Optional.of(located(true))).await().atMost(LIMIT));
        return leaf;
    }

    private static ObjectNode leaf(ConfirmationLevel level) {
        return new ObjectMapper().createObjectNode().put("level", level.name());
    }

    private static Located located(boolean onChain) {
        Inclusion there =
                new Inclusion(SOME, new BlockRef(9, SOME), COMMITTED_AT, Inclusion.Effect.DONE, 70_000, Wei.of(1));
        return new Located(
                new SettledBatch(
                        HEADER,
                        HEADER.head(),
                        ConfirmationLevel.SETTLED,
                        Optional.of(SOME),
                        onChain ? Optional.of(there) : Optional.empty(),
                        List.of()),
                LEAF,
                new InclusionPath(INDEX, HEADER.size(), List.of()));
    }

    private static Hash32 id(VaultFault fault, Hash32 subject) {
        return GameId.of(fault, LANE, subject, 0);
    }

    /** A vault that has told some things. */
    private static final class FakeVault implements Court {
        private final List<Told> told = new ArrayList<>();
        private final List<String> asked = new ArrayList<>();
        private long seconds = COMMITTED_AT + 98;
        private boolean isGate = true;
        private Uni<Boolean> isMarked = Uni.createFrom().item(false);

        private void challenged(VaultFault fault, Hash32 subject) {
            tell(new VaultEvent.Challenged(id(fault, subject), LANE, fault, VAULT, UNTIL + 1_000, subject));
        }

        private void penalised(long sequence, VaultFault fault, Hash32 subject) {
            tell(new VaultEvent.Penalised(LANE, sequence, fault, subject, VAULT, BigInteger.ONE, BigInteger.ZERO));
        }

        private void tell(VaultEvent event) {
            told.add(new Told(event, 900, SOME));
        }

        @Override
        public Address vault() {
            return VAULT;
        }

        @Override
        public Uni<VaultTerms> terms() {
            return Uni.createFrom().item(TERMS);
        }

        @Override
        public Uni<ChainTime> time() {
            return Uni.createFrom().item(new ChainTime(1_000, seconds, 900, 800));
        }

        @Override
        public Uni<LaneStake> stake(LaneId lane) {
            BigInteger most = BigInteger.TWO.pow(128).subtract(BigInteger.ONE);
            // What leaves is among the assets, and is not shown.
            LanePool pool = new LanePool(most, BigInteger.TEN, BigInteger.ONE, 0, 0, BigInteger.ZERO);
            return Uni.createFrom()
                    .item(new LaneStake(
                            new Wei(most),
                            Wei.of(1),
                            pool,
                            isGate ? new LaneGuard.ThisVault() : new LaneGuard.Nobody()));
        }

        @Override
        public Uni<List<Told>> events(LaneId lane, long from, long to) {
            throw new AssertionError();
        }

        @Override
        public Uni<List<Told>> cases(LaneId lane, long from, long to) {
            return Uni.createFrom().item(List.copyOf(told));
        }

        @Override
        public Uni<Boolean> isPunished(LaneId lane, long sequence, long place) {
            asked.add(sequence + "/" + place);
            return isMarked;
        }

        @Override
        public Uni<StakePosition> position(LaneId lane, Address staker) {
            throw new AssertionError();
        }

        @Override
        public Uni<Wei> credit(Address holder) {
            throw new AssertionError();
        }

        @Override
        public Uni<Optional<Game>> game(Hash32 id) {
            throw new AssertionError();
        }

        @Override
        public Uni<Wei> bond() {
            throw new AssertionError();
        }

        @Override
        public Uni<Trial> attempt(VaultCall call, Wei value) {
            throw new AssertionError();
        }

        @Override
        public Uni<Filing> file(VaultCall call, Wei value) {
            throw new AssertionError();
        }
    }
}
