/** A decision log replayed under another budget or in another mode. */
@NullMarked
package openledger.lab.replay;

import org.jspecify.annotations.NullMarked;
