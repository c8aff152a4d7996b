/** The benchmark of streams. */
@NullMarked
package openledger.bench.stream;

import org.jspecify.annotations.NullMarked;
