/** JSON-RPC to several nodes, with failover; what a node answers is read as from a stranger. */
@NullMarked
package openledger.chain.rpc;

import org.jspecify.annotations.NullMarked;
