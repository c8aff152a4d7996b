/** What a person types: {@code openledger serve}, {@code openledger simulate}. */
@NullMarked
package openledger.cli;

import org.jspecify.annotations.NullMarked;
