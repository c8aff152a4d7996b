/** Money and the accounts that pay, as people give them to a command. */
@NullMarked
package openledger.cli.account;

import org.jspecify.annotations.NullMarked;
