package openledger.settlement.submit;

import io.smallrye.mutiny.Uni;
import openledger.settlement.ChainNews;

/**
 * A transaction on its way to a node. Immutable.
 *
 * @param work sends it and takes note of the answer
 * @param answer how urgent that is
 */
public record Sending(Uni<Void> work, ChainNews answer) {}
