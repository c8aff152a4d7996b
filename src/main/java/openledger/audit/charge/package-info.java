/** What a lane is charged with before a vault, found in what it has published, and what becomes of it. Pure, but for the port of an account. */
@NullMarked
package openledger.audit.charge;

import org.jspecify.annotations.NullMarked;
