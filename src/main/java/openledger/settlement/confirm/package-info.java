/** Waiting until a leaf or a plan has reached a level. */
@NullMarked
package openledger.settlement.confirm;

import org.jspecify.annotations.NullMarked;
