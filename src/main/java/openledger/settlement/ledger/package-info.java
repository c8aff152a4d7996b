/** The port to the chain with our registry. */
@NullMarked
package openledger.settlement.ledger;

import org.jspecify.annotations.NullMarked;
