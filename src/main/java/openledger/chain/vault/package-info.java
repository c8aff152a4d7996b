/** The vault's contract, where lanes have a stake: its calls, what they answer, and its deployment. */
@NullMarked
package openledger.chain.vault;

import org.jspecify.annotations.NullMarked;
