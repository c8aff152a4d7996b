/** Hostile clients and providers beside an honest tenant. */
@NullMarked
package openledger.chaos.attack;

import org.jspecify.annotations.NullMarked;
