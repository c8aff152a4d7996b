/** The experiments on stake: operators that misroute, what their own publications show of it, and whom a stake shuts out. */
@NullMarked
package openledger.lab.stake;

import org.jspecify.annotations.NullMarked;
