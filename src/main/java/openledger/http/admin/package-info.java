/** What only the administrator may do: keys and the policy. */
@NullMarked
package openledger.http.admin;

import org.jspecify.annotations.NullMarked;
