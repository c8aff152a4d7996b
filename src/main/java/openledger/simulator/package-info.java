/**
 * Simulated providers: real HTTP servers with slots, service times, congestion and faults on demand, in a process of
 * their own or inside a test. A room of the second floor, beside the provider room that calls them.
 */
@NullMarked
package openledger.simulator;

import org.jspecify.annotations.NullMarked;
