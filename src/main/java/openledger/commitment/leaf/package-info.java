/** The 96 bytes of a leaf, what it binds, and the published rules it can be held against. */
@NullMarked
package openledger.commitment.leaf;

import org.jspecify.annotations.NullMarked;
