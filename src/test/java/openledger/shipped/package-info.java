/** The router as it ships: the jar and the native executable. */
@NullMarked
package openledger.shipped;

import org.jspecify.annotations.NullMarked;
