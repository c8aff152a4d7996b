/** The experiment on stake: operators that misroute, and what their own publications show of it. */
@NullMarked
package openledger.lab.stake;

import org.jspecify.annotations.NullMarked;
