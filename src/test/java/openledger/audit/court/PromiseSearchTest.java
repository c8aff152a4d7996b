package openledger.audit.court;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import openledger.commitment.LeafPromise;
import openledger.commitment.RegistryDomain;
import openledger.commitment.SignedPromise;
import openledger.commitment.leaf.LeafKind;
import openledger.commitment.stake.VaultCall;
import openledger.unit.Address;
import openledger.unit.Hash32;
import openledger.unit.LaneId;
import openledger.unit.RequestKey;
import org.junit.jupiter.api.Test;

final class PromiseSearchTest {
    private static final Address REGISTRY = Address.parse("0x" + "ab".repeat(20));
    private static final RegistryDomain DOMAIN = new RegistryDomain(901, REGISTRY);
    private static final LaneId LANE = new LaneId(7);
    private static final RequestKey REQUEST = RequestKey.of(new byte[24], 5);
    private static final Hash32 LEAF = Hash32.parse("0x" + "0f".repeat(32));

    private static PromiseSearch search(LeafPromise promise) {
        return new PromiseSearch(DOMAIN, LANE, DOMAIN.digest(promise.structHash()), REQUEST);
    }

    private static LeafPromise promise(LeafKind kind, Hash32 leaf, long signedAt, long bound) {
        return new LeafPromise(LANE.value(), REQUEST, kind, leaf, signedAt, signedAt + bound);
    }

    @Test
    void callDataTellIt() {
        LeafPromise promise = promise(LeafKind.OUTCOME, LEAF, 1_000, 77);
        byte[] call =
                new VaultCall.OpenOmitted(new SignedPromise(901, REGISTRY, promise, new byte[65], REGISTRY)).encode();
        byte[] wrapped = new byte[call.length + 13];
        System.arraycopy(call, 0, wrapped, 13, call.length);

        assertThat(search(promise).within(call)).contains(promise);
        assertThat(search(promise).within(wrapped)).contains(promise);
        assertThat(search(promise(LeafKind.PLAN, LEAF, 1_000, 77)).within(call)).isEmpty();
        assertThat(search(promise).within(new byte[0])).isEmpty();
        assertThat(search(promise).within(new byte[100_000])).isEmpty();
    }

    @Test
    void tryingTellsItWithinItsBounds() {
        for (LeafKind kind : LeafKind.values()) {
            for (Hash32 leaf : List.of(LEAF, Hash32.ZERO)) {
                LeafPromise promise = promise(kind, leaf, 1_200, 600);
                assertThat(search(promise).tried(List.of(LEAF), 1_000, 1_200, List.of(3_600L, 600L)))
                        .contains(promise);
                assertThat(search(promise).tried(List.of(LEAF), 1_000, 1_199, List.of(600L)))
                        .isEmpty();
                assertThat(search(promise).tried(List.of(LEAF), 1_000, 2_000, List.of(601L)))
                        .isEmpty();
            }
        }
    }

    @Test
    void receiptsOfAWholeWindowAreLookedThrough() {
        for (Hash32 leaf : List.of(LEAF, Hash32.ZERO)) {
            LeafPromise promise = promise(LeafKind.OUTCOME, leaf, 700_000, 3_600);
            assertThat(search(promise).tried(List.of(LEAF), 1_000, 800_000, List.of(3_600L, 3_600L)))
                    .contains(promise);
        }
    }
}
