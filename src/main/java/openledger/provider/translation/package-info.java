/** What translations between dialects share: strict JSON and members without an equivalent in the other dialect. */
@NullMarked
package openledger.provider.translation;

import org.jspecify.annotations.NullMarked;
