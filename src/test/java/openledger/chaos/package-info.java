/** Proofs that take processes, links and databases down under load, and count what is lost. */
@NullMarked
package openledger.chaos;

import org.jspecify.annotations.NullMarked;
