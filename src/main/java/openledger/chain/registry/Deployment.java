package openledger.chain.registry;

import openledger.settlement.ledger.Inclusion;
import openledger.unit.Address;

/** The outcome of deploying a contract. */
public sealed interface Deployment {
    /** It is there now. */
    record Deployed(Address contract, long chainId, Inclusion inclusion) implements Deployment {}

    /** It was there before; nothing was sent. */
    record AlreadyThere(Address contract, long chainId) implements Deployment {}

    /** It is not there, or not known to be; {@code reason} is fit for a person. */
    record Failed(String reason) implements Deployment {}
}
