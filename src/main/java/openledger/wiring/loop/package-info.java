/** Vert.x event loops, timers and workers behind the ports of the house. */
@NullMarked
package openledger.wiring.loop;

import org.jspecify.annotations.NullMarked;
