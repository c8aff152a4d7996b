/** A user's decision log, downloaded and replayed. */
@NullMarked
package openledger.cli.whatif;

import org.jspecify.annotations.NullMarked;
