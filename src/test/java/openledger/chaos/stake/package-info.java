/** {@code make prove-stake}: lanes before a vault. */
@NullMarked
package openledger.chaos.stake;

import org.jspecify.annotations.NullMarked;
