/** A local proxy that checks and proves the promise of each answer, for clients that cannot do it themselves. */
@NullMarked
package openledger.cli.guard;

import org.jspecify.annotations.NullMarked;
