/** What a witness of a log is asked, and what it answers: C2SP tlog-witness. */
@NullMarked
package openledger.commitment.witness;

import org.jspecify.annotations.NullMarked;
