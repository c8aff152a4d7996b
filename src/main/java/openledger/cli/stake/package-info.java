/** What commands about stakes read. */
@NullMarked
package openledger.cli.stake;

import org.jspecify.annotations.NullMarked;
