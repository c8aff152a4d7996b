package openledger.audit.court;

import io.smallrye.mutiny.Uni;
import openledger.commitment.stake.VaultCall;

/** Port: another way to the vault's chain, around its sequencer: through a contract of L1. */
public interface Detour {
    /** As {@link Court#file}, but done means that L1 has it; the chain takes it within its own bounds, half a day at most. */
    Uni<Filing> file(VaultCall.Answer answer);
}
