/**
 * Shares of keys' limits: of the whole limit if a router is alone, else by leases that are taken from one engine for all routers ahead of
 * use. Pure: time is an argument, and the engine is a port.
 */
@NullMarked
package openledger.cluster.share;

import org.jspecify.annotations.NullMarked;
