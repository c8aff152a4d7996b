/** {@code make prove-log}: a router's log held against programs that are not ours. */
@NullMarked
package openledger.chaos.log;

import org.jspecify.annotations.NullMarked;
