/** Values that carry their unit. Ground floor: plain Java, same input, same output. */
@NullMarked
package openledger.unit;

import org.jspecify.annotations.NullMarked;
