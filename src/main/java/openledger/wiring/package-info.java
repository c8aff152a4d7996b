/** Configuration in, objects out. Sees every room; no room sees it. */
@NullMarked
package openledger.wiring;

import org.jspecify.annotations.NullMarked;
