/** {@code openledger audit --watch}: follows a lane, and charges it before a vault. */
@NullMarked
package openledger.cli.watch;

import org.jspecify.annotations.NullMarked;
