/** One budget whoever receives a resend: several routers, and a provider that counts. */
@NullMarked
package openledger.chaos.resend;

import org.jspecify.annotations.NullMarked;
