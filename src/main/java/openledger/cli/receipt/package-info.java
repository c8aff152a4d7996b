/** Receipts read and verified on the command line. */
@NullMarked
package openledger.cli.receipt;

import org.jspecify.annotations.NullMarked;
