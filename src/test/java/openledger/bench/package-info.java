/** Benchmarks of the router against itself and what stands beside it in the same run. */
@NullMarked
package openledger.bench;

import org.jspecify.annotations.NullMarked;
