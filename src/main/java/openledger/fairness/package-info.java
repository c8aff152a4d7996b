/** What fairness means in numbers: attribution and overtakes. Ground floor: plain Java, same input, same output; time and chance are arguments. */
@NullMarked
package openledger.fairness;

import org.jspecify.annotations.NullMarked;
