/** Which request of a snapshot gets which slots, in the public order. */
@NullMarked
package openledger.routing.allocation;

import org.jspecify.annotations.NullMarked;
