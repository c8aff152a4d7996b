/** The checks of readiness and start. */
@NullMarked
package openledger.wiring.health;

import org.jspecify.annotations.NullMarked;
