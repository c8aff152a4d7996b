package openledger.audit.charge;

import static org.assertj.core.api.Assertions.assertThat;

import openledger.audit.court.LaneChain.Committed;
import openledger.commitment.HeadSigning;
import openledger.commitment.LaneHead;
import openledger.commitment.SignedHead;
import openledger.support.lane.HandLane;
import openledger.unit.Address;
import openledger.unit.Hash32;
import org.junit.jupiter.api.Test;
import org.web3j.crypto.Credentials;

/** Two heads of one batch are one too many, whoever shows what beside them. */
final class HeadWatchTest {
    private static final Address REGISTRY = Address.of(new byte[Address.BYTES]);
    private static final Credentials LANES = Credentials.create("0x" + "01".repeat(32));
    private static final Credentials SOMEBODYS = Credentials.create("0x" + "02".repeat(32));

    private final HandLane lane = new HandLane(901, REGISTRY, MisrouteFinderTest.LANE, Hash32.ZERO, 1_800_000_000_000L);
    private final Committed committed = lane.batch(lane.fast(lane.key(lane.next())))
            .content(1_800_000_000, 5)
            .committed();
    private final HeadWatch watch = new HeadWatch(MisrouteFinderTest.LANE);

    private SignedHead head(String digit, Credentials key) {
        Hash32 head = Hash32.parse("0x" + digit.repeat(64));
        return HeadSigning.sign(
                901,
                REGISTRY,
                new LaneHead(MisrouteFinderTest.LANE.value(), committed.header().sequence(), head),
                key);
    }

    @Test
    void whatSomebodyElseHasSignedHidesNothing() {
        assertThat(watch.shown(head("a", SOMEBODYS), committed)).isEmpty();
        assertThat(watch.shown(head("b", LANES), committed)).hasSize(1);
        assertThat(watch.shown(head("b", LANES), committed)).isEmpty();

        assertThat(watch.shown(head("c", LANES), committed))
                .extracting(Charge::name)
                .contains(
                        "heads/" + committed.header().sequence() + "/" + LANES.getAddress() + "/" + LANES.getAddress());
    }

    @Test
    void ofOneBatchFewAreKept() {
        for (String digit : new String[] {"1", "2", "3", "4", "5", "6"}) {
            watch.shown(head(digit, LANES), committed);
        }
        assertThat(watch.all()).hasSize(4);
    }
}
