/**
 * Whether twins, two requests that should be treated alike, are: tests, and how many pairs they need. Ground floor: plain Java, same input,
 * same output.
 */
@NullMarked
package openledger.fairness.twin;

import org.jspecify.annotations.NullMarked;
