/** The local stack, load, benchmarks and chaos: development tools around the built router, kept out of its jar. */
@NullMarked
package openledger.stack;

import org.jspecify.annotations.NullMarked;
