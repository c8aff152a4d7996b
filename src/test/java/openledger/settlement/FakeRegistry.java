package openledger.settlement;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import openledger.commitment.BatchHeader;
import openledger.commitment.evm.Keccak256;
import openledger.settlement.ledger.LedgerCall;
import openledger.settlement.ledger.LedgerView.Lane;
import openledger.settlement.ledger.LedgerView.SigningKey;
import openledger.unit.Address;
import openledger.unit.Hash32;

/**
 * What a fake chain's registry has of one lane. Immutable.
 *
 * @param signers who ever signed, of whom the last does; with the first the lane was opened
 * @param sequence of the last batch
 * @param head of the last batch
 * @param policies that are published
 */
record FakeRegistry(List<Address> signers, long sequence, Hash32 head, Set<Hash32> policies) {
    static final FakeRegistry EMPTY = new FakeRegistry(List.of(), 0, Hash32.ZERO, Set.of());

    FakeRegistry {
        signers = List.copyOf(signers);
        policies = Set.copyOf(policies);
    }

    /** After a call of the account that commits; empty if that reverts. */
    Optional<FakeRegistry> after(LedgerCall call, Address owner) {
        boolean isOpen = !signers.isEmpty();
        return switch (call) {
            case LedgerCall.OpenLane open ->
                Optional.of(signedBy(open.signer())).filter(next -> !isOpen);
            case LedgerCall.SetSigner set ->
                Optional.of(signedBy(set.signer()))
                        .filter(next -> isOpen && owner.equals(FakeChain.ACCOUNT) && !signers.contains(set.signer()));
            case LedgerCall.PublishPolicy policy -> {
                Set<Hash32> more = new HashSet<>(policies);
                more.add(Hash32.of(Keccak256.digest(policy.canonical())));
                yield Optional.of(new FakeRegistry(signers, sequence, head, more))
                        .filter(published -> isOpen);
            }
            case LedgerCall.Commit commit -> {
                BatchHeader header = commit.header();
                yield Optional.of(committed(header.head()))
                        .filter(next -> isOpen
                                && header.sequence() == next.sequence
                                && header.previousHead().equals(head)
                                && policies.contains(header.policyHash()));
            }
        };
    }

    FakeRegistry committed(Hash32 next) {
        return new FakeRegistry(signers, sequence + 1, next, policies);
    }

    FakeRegistry signedBy(Address signer) {
        List<Address> more = new ArrayList<>(signers);
        more.add(signer);
        return new FakeRegistry(more, sequence, head, policies);
    }

    Lane lane(Address owner) {
        if (signers.isEmpty()) {
            return new Lane.NotOpen();
        }
        SigningKey ours = !signers.contains(FakeChain.SIGNER)
                ? SigningKey.UNKNOWN
                : signers.getLast().equals(FakeChain.SIGNER) ? SigningKey.SIGNS : SigningKey.RETIRED;
        return new Lane.Open(owner, FakeChain.ACCOUNT, signers.getLast(), ours, sequence, head);
    }
}
