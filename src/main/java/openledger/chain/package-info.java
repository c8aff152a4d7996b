/**
 * The adapter to the chain: web3j over the Vert.x client, with failover between nodes; our account and its signatures; the registry's
 * calls; new blocks. A node's answers are untrusted input: bounded, parsed strictly, cleaned.
 */
@NullMarked
package openledger.chain;

import org.jspecify.annotations.NullMarked;
