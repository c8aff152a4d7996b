/** Whether a configuration could be used, without a router. */
@NullMarked
package openledger.cli.check;

import org.jspecify.annotations.NullMarked;
