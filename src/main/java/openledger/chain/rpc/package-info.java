/** JSON-RPC to several nodes, with failover; a node's answers are untrusted input. */
@NullMarked
package openledger.chain.rpc;

import org.jspecify.annotations.NullMarked;
