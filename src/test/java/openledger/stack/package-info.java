/** Several routers on this machine, with all that they need, and what counts for them. */
@NullMarked
package openledger.stack;

import org.jspecify.annotations.NullMarked;
