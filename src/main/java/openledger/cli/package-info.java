/** What a person types: {@code openledger serve}, {@code openledger simulate}, {@code openledger keys}. */
@NullMarked
package openledger.cli;

import org.jspecify.annotations.NullMarked;
