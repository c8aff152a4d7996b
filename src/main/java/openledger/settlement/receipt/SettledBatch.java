package openledger.settlement.receipt;

import java.util.List;
import java.util.Optional;
import openledger.commitment.BatchHeader;
import openledger.commitment.ConfirmationLevel;
import openledger.settlement.ledger.Inclusion;
import openledger.unit.Hash32;

/**
 * A batch and its level.
 *
 * @param level now
 * @param transaction the one that was sent last; empty before there is one
 * @param inclusion where it is on chain; empty below PRECONFIRMED
 * @param history every change of its level, oldest first
 */
public record SettledBatch(
        BatchHeader header,
        Hash32 head,
        ConfirmationLevel level,
        Optional<Hash32> transaction,
        Optional<Inclusion> inclusion,
        List<LevelChange> history) {}
