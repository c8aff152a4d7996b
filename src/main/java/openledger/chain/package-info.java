/**
 * The chain, as the rest of the house wants it: web3j over the Vert.x client, with failover between nodes; our account and
 * its signatures; the registry's calls; new blocks. What a node says is input like any other: bounded, parsed strictly, cleaned.
 */
@NullMarked
package openledger.chain;

import org.jspecify.annotations.NullMarked;
