/** Makes what a router needs to be one of several. */
@NullMarked
package openledger.wiring.cluster;

import org.jspecify.annotations.NullMarked;
