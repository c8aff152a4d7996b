/** The experiments on budgets, modes, privileges, resends and surplus. */
@NullMarked
package openledger.lab.experiment;

import org.jspecify.annotations.NullMarked;
