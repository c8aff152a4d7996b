/** How a target is chosen in fast mode. */
@NullMarked
package openledger.routing.choice;

import org.jspecify.annotations.NullMarked;
