/** Responses of providers as they arrive: decoded, checked, and held until their first content. */
@NullMarked
package openledger.provider.answer;

import org.jspecify.annotations.NullMarked;
