/**
 * The command line: {@code openledger serve}, {@code openledger simulate}, {@code openledger keys}, {@code openledger verify}, {@code
 * openledger chain}.
 */
@NullMarked
package openledger.cli;

import org.jspecify.annotations.NullMarked;
