/** Whether a router is ready, asked from beside it. */
@NullMarked
package openledger.cli.health;

import org.jspecify.annotations.NullMarked;
