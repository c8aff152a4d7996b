/** Keys, tokens and their limits: the register of keys, callers, the limiter of each key. */
@NullMarked
package openledger.access;

import org.jspecify.annotations.NullMarked;
