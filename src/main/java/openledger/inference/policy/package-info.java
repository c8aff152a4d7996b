/** One policy at all routers of a cluster: what each of them has to do for it. */
@NullMarked
package openledger.inference.policy;

import org.jspecify.annotations.NullMarked;
