/** The witnesses that cosign a lane's log: when they are asked, what their answers mean, and what is kept of them. */
@NullMarked
package openledger.settlement.witness;

import org.jspecify.annotations.NullMarked;
