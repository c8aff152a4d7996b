/** Two builds of the router beside each other. */
@NullMarked
package openledger.bench.builds;

import org.jspecify.annotations.NullMarked;
