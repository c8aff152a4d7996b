/** The live state of a target: its slots, circuit, limits, and the endpoint it is called at. */
@NullMarked
package openledger.provider.target;

import org.jspecify.annotations.NullMarked;
