/** Lanes before a vault: what is found is proved or asked for, and what is asked of ours is answered. Ports and what they tell. */
@NullMarked
package openledger.audit.court;

import org.jspecify.annotations.NullMarked;
