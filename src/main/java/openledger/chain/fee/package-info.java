/** What a transaction costs now and what is offered for it. */
@NullMarked
package openledger.chain.fee;

import org.jspecify.annotations.NullMarked;
