/** Clients without a key that leave and come back, as SDKs do. */
@NullMarked
package openledger.stack.retry;

import org.jspecify.annotations.NullMarked;
