/** Those who wait until a leaf or a plan has come far enough. */
@NullMarked
package openledger.settlement.confirm;

import org.jspecify.annotations.NullMarked;
