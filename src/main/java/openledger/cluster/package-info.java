/** Several routers: who they are, which of them answers for which keys, and what they say to each other. Pure, but for its ports. */
@NullMarked
package openledger.cluster;

import org.jspecify.annotations.NullMarked;
