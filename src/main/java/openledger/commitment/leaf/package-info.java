/** The 96 bytes of a leaf, what it binds, and the published rules it can be checked against. */
@NullMarked
package openledger.commitment.leaf;

import org.jspecify.annotations.NullMarked;
