/** Hours under load, and what grows meanwhile. */
@NullMarked
package openledger.chaos.soak;

import org.jspecify.annotations.NullMarked;
