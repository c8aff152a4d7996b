/** What is measured of fairness while requests are served: series a route, mode and gate, objectives, twins. */
@NullMarked
package openledger.inference.fairness;

import org.jspecify.annotations.NullMarked;
