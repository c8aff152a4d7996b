/**
 * Slots of targets: learnt by a router that is alone, and leased ahead of use from one engine for all routers of a cluster. Pure: time is
 * an argument, and the engine is a port.
 */
@NullMarked
package openledger.cluster.slot;

import org.jspecify.annotations.NullMarked;
