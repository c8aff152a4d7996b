/** Markets, workloads and traces: the worlds that experiments take place in. */
@NullMarked
package openledger.lab.world;

import org.jspecify.annotations.NullMarked;
