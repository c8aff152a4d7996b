/** A witness of other people's logs: what it remembers, and how it is asked. */
@NullMarked
package openledger.cli.witness;

import org.jspecify.annotations.NullMarked;
