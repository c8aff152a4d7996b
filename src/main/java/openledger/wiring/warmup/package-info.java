/**
 * Work before there is work: a router of our own inside the router, whose requests make the JVM load and compile what clients' requests need,
 * before anybody is told that we are ready.
 */
@NullMarked
package openledger.wiring.warmup;

import org.jspecify.annotations.NullMarked;
