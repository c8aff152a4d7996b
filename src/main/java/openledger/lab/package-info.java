/**
 * The world in which the experiments take place, in virtual time: time and seeds are arguments. The simulated providers
 * live in the same world in real time.
 */
@NullMarked
package openledger.lab;

import org.jspecify.annotations.NullMarked;
