/**
 * What a route is and how a target is chosen: policy, routes, tiers, targets, triggers. Ground floor: plain Java, same
 * input, same output; time and chance are arguments.
 */
@NullMarked
package openledger.routing;

import org.jspecify.annotations.NullMarked;
