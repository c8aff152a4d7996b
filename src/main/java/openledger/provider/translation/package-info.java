/** What translations between dialects share: strict JSON and members that have no word in the other dialect. */
@NullMarked
package openledger.provider.translation;

import org.jspecify.annotations.NullMarked;
