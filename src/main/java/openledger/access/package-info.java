/**
 * Who may ask, with which key or token, and within which limits: keys and their register, callers, the limiter of
 * each key.
 */
@NullMarked
package openledger.access;

import org.jspecify.annotations.NullMarked;
