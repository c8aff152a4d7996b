/**
 * What a dialect is: how requests are encoded in it and how answers are decoded. Each one has a room of its own, and {@code Dialects}
 * registers them.
 */
@NullMarked
package openledger.provider.dialect;

import org.jspecify.annotations.NullMarked;
