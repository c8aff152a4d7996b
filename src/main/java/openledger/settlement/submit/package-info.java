/** Sends transactions to the chain and reads their results. */
@NullMarked
package openledger.settlement.submit;

import org.jspecify.annotations.NullMarked;
