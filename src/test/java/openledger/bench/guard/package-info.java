/** What {@code openledger guard} adds to requests. */
@NullMarked
package openledger.bench.guard;

import org.jspecify.annotations.NullMarked;
