/** A lane's log as others read it: tiles, entries, and what the router signs of it. */
@NullMarked
package openledger.settlement.log;

import org.jspecify.annotations.NullMarked;
