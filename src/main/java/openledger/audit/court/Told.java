package openledger.audit.court;

import openledger.commitment.stake.VaultEvent;
import openledger.unit.Hash32;

/**
 * What a vault has told, and where it stands on chain.
 *
 * @param block its number
 * @param transaction whose event it is
 */
public record Told(VaultEvent event, long block, Hash32 transaction) {}
