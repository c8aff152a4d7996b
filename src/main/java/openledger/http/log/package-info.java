/** A lane's log as clients and monitors of logs read it: C2SP tlog-tiles. */
@NullMarked
package openledger.http.log;

import org.jspecify.annotations.NullMarked;
