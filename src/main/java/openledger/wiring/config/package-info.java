/** The configuration: keys, readers and checks. */
@NullMarked
package openledger.wiring.config;

import org.jspecify.annotations.NullMarked;
