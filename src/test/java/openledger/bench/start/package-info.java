/** How long a router takes to start, and how slow it is while it is cold. */
@NullMarked
package openledger.bench.start;

import org.jspecify.annotations.NullMarked;
