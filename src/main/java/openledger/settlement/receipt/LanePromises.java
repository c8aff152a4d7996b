package openledger.settlement.receipt;

import io.smallrye.mutiny.Uni;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Optional;
import java.util.function.BooleanSupplier;
import openledger.commitment.LeafPromise;
import openledger.commitment.SignedPromise;
import openledger.commitment.leaf.LeafKind;
import openledger.settlement.ledger.DigestSigner;
import openledger.unit.Address;
import openledger.unit.Hash32;
import openledger.unit.LaneId;
import openledger.unit.RequestKey;

/**
 * Promises of a lane, as typed data of EIP-712 ({@link LeafPromise}).
 *
 * @param chainId of the chain it settles on (EIP-155)
 * @param registry where it settles
 * @param lane the only one it promises for
 * @param bound from a promise to the time by which it is kept
 * @param lacksStake whether the lane has too little at stake to commit
 */
public record LanePromises(
        DigestSigner signer,
        long chainId,
        Address registry,
        LaneId lane,
        InstantSource clock,
        Duration bound,
        BooleanSupplier lacksStake)
        implements Promises {
    @Override
    public boolean isShort() {
        return lacksStake.getAsBoolean();
    }

    @Override
    public Uni<SignedPromise> promise(RequestKey request, LeafKind kind, Optional<Hash32> leafHash) {
        Instant now = clock.instant();
        LeafPromise promise = new LeafPromise(
                lane.value(),
                request,
                kind,
                leafHash.orElse(Hash32.ZERO),
                now.getEpochSecond(),
                now.plus(bound).getEpochSecond());
        return signer.sign(promise.digest(chainId, registry))
                .map(signature -> new SignedPromise(chainId, registry, promise, signature, signer.address()));
    }
}
