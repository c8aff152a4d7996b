/** Brings transactions to the chain and reads back what became of them. */
@NullMarked
package openledger.settlement.submit;

import org.jspecify.annotations.NullMarked;
