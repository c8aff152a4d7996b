/** What a decision commits to: hashes now, leaves and trees with the settlement layer. Ground floor: plain Java, same input, same output; time and chance are arguments. */
@NullMarked
package openledger.commitment;

import org.jspecify.annotations.NullMarked;
