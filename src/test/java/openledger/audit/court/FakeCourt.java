package openledger.audit.court;

import io.smallrye.mutiny.Uni;
import java.math.BigInteger;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import openledger.commitment.stake.Game;
import openledger.commitment.stake.LanePool;
import openledger.commitment.stake.StakePosition;
import openledger.commitment.stake.VaultCall;
import openledger.commitment.stake.VaultEvent;
import openledger.commitment.stake.VaultFault;
import openledger.commitment.stake.VaultTerms;
import openledger.settlement.ledger.Ledger.LedgerUnavailable;
import openledger.unit.Address;
import openledger.unit.Hash32;
import openledger.unit.LaneId;
import openledger.unit.Wei;

/** A vault of which a test says what it tells. Confined to one thread. */
public final class FakeCourt implements Court {
    public static final LaneId LANE = new LaneId(7);
    static final long RESPONSE = Duration.ofDays(3).toSeconds();
    private static final Address SOMEBODY = Address.parse("0x" + "12".repeat(20));
    private static final VaultTerms TERMS = new VaultTerms(
            BigInteger.TEN,
            BigInteger.ZERO,
            Duration.ofHours(1),
            BigInteger.ONE,
            BigInteger.TWO,
            3,
            BigInteger.ONE,
            1,
            3_000,
            Duration.ofDays(7),
            Duration.ofSeconds(RESPONSE),
            Duration.ofHours(1),
            Duration.ofHours(1));

    public final List<Told> told = new ArrayList<>();
    final List<Hash32> lookedUp = new ArrayList<>();
    final Set<Hash32> over = new HashSet<>();
    public ChainTime time = new ChainTime(1_000, 1_000_000, 900, 600);
    BigInteger leaving = BigInteger.ZERO;
    /** Of one question. */
    public int mostEvents = Integer.MAX_VALUE;
    /** What happens while somebody looks a game up. */
    Runnable lookingUp = () -> {};

    public long asked;

    public static Hash32 id(long number) {
        return Hash32.parse(String.format("0x%064x", number));
    }

    public void open(long number, long block, long deadline) {
        told.add(new Told(
                new VaultEvent.Challenged(id(number), LANE, VaultFault.WITHHELD, SOMEBODY, deadline, Hash32.ZERO),
                block,
                id(block)));
    }

    public void answer(long number, long block) {
        told.add(new Told(new VaultEvent.Answered(id(number), LANE), block, id(block)));
    }

    @Override
    public Address vault() {
        return SOMEBODY;
    }

    @Override
    public Uni<VaultTerms> terms() {
        return Uni.createFrom().item(TERMS);
    }

    @Override
    public Uni<ChainTime> time() {
        return Uni.createFrom().item(() -> time);
    }

    @Override
    public Uni<LaneStake> stake(LaneId lane) {
        return Uni.createFrom()
                .item(() -> new LaneStake(
                        Wei.of(1),
                        Wei.of(1),
                        new LanePool(BigInteger.TEN, BigInteger.TEN, leaving, 0, 0, BigInteger.ZERO),
                        new LaneGuard.ThisVault()));
    }

    @Override
    public Uni<StakePosition> position(LaneId lane, Address staker) {
        throw new UnsupportedOperationException("nobody asks here");
    }

    @Override
    public Uni<Wei> credit(Address holder) {
        throw new UnsupportedOperationException("nobody asks here");
    }

    @Override
    public Uni<List<Told>> events(LaneId lane, long from, long to) {
        throw new UnsupportedOperationException("what is free for everybody is not read");
    }

    @Override
    public Uni<List<Told>> cases(LaneId lane, long from, long to) {
        return Uni.createFrom().item(() -> {
            asked++;
            List<Told> within = told.stream()
                    .filter(event -> event.block() >= from && event.block() <= to)
                    .toList();
            if (within.size() > mostEvents) {
                throw new LedgerUnavailable("too much");
            }
            return within;
        });
    }

    @Override
    public Uni<Optional<Game>> game(Hash32 id) {
        return Uni.createFrom().item(() -> {
            lookedUp.add(id);
            lookingUp.run();
            long deadline = told.stream()
                    .filter(event -> event.event() instanceof VaultEvent.Challenged challenged
                            && challenged.id().equals(id))
                    .mapToLong(event -> ((VaultEvent.Challenged) event.event()).deadline())
                    .findFirst()
                    .orElseThrow();
            return Optional.of(new Game(
                    SOMEBODY,
                    deadline,
                    over.contains(id) ? Game.State.ANSWERED : Game.State.OPEN,
                    VaultFault.WITHHELD,
                    LANE,
                    1,
                    BigInteger.ONE));
        });
    }

    @Override
    public Uni<Boolean> isPunished(LaneId lane, long sequence, long place) {
        throw new UnsupportedOperationException("nobody asks here");
    }

    @Override
    public Uni<Wei> bond() {
        return Uni.createFrom().item(Wei.of(1));
    }

    @Override
    public Uni<Trial> attempt(VaultCall call, Wei value) {
        return Uni.createFrom().item(new Trial.Holds());
    }

    @Override
    public Uni<Filing> file(VaultCall call, Wei value) {
        return Uni.createFrom().item(new Filing.Unsettled("no block takes it"));
    }
}
