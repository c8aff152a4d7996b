/** Money, the accounts that pay, and keys, as people give them to a command. */
@NullMarked
package openledger.cli.account;

import org.jspecify.annotations.NullMarked;
