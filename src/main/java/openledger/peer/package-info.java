/** Asks other routers of the cluster: requests whose key is theirs. */
@NullMarked
package openledger.peer;

import org.jspecify.annotations.NullMarked;
