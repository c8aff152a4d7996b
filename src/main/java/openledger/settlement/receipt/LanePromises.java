package openledger.settlement.receipt;

import io.smallrye.mutiny.Uni;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Optional;
import openledger.commitment.SignedPromise;
import openledger.settlement.ledger.DigestSigner;
import openledger.unit.Address;
import openledger.unit.Hash32;
import openledger.unit.LaneId;
import openledger.unit.RequestId;

/**
 * Promises of a lane, as typed data of EIP-712 ({@link SignedPromise}).
 *
 * @param chainId of the chain it settles on (EIP-155)
 * @param registry where it settles
 * @param lane the only one it promises for
 * @param bound from a promise to the time by which it is kept
 */
public record LanePromises(
        DigestSigner signer, long chainId, Address registry, LaneId lane, InstantSource clock, Duration bound)
        implements Promises {
    @Override
    public Uni<SignedReceipt> promise(RequestId request, Hash32 requestCommitment, Optional<Hash32> leafHash) {
        if (request.lane() != lane.value()) {
            throw new IllegalArgumentException("a request of lane " + request.lane() + ", not of " + lane.value());
        }
        Instant anchorBy = Instant.ofEpochSecond(clock.instant().plus(bound).getEpochSecond());
        SignedPromise promise =
                new SignedPromise(request, requestCommitment, leafHash.orElse(Hash32.ZERO), anchorBy.getEpochSecond());
        return signer.sign(promise.digest(chainId, registry))
                .map(signature -> new SignedReceipt(
                        chainId,
                        registry,
                        lane,
                        request,
                        requestCommitment,
                        anchorBy,
                        leafHash,
                        signature,
                        signer.address()));
    }
}
