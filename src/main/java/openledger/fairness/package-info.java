/**
 * What fairness means in numbers: attribution and overtakes of a request, and the figures of a window of requests. Ground floor: plain
 * Java, same input, same output; time and chance are arguments.
 */
@NullMarked
package openledger.fairness;

import org.jspecify.annotations.NullMarked;
