package openledger.chain.registry;

import openledger.settlement.ledger.Inclusion;
import openledger.unit.Address;

/** The outcome of deploying the registry. */
public sealed interface Deployment {
    /** It is there now. */
    record Deployed(Address registry, long chainId, Inclusion inclusion) implements Deployment {}

    /** It was there before; nothing was sent. */
    record AlreadyThere(Address registry, long chainId) implements Deployment {}

    /** It is not there, or not known to be; {@code reason} is fit for a person. */
    record Failed(String reason) implements Deployment {}
}
