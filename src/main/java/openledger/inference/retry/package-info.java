/** The attempts of a request within its retry budget, in fast mode, and what both modes' retry loops share. */
@NullMarked
package openledger.inference.retry;

import org.jspecify.annotations.NullMarked;
