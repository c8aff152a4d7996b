/** Identity providers: OpenID Connect tokens in place of keys. The only room that knows quarkus-oidc. */
@NullMarked
package openledger.identity;

import org.jspecify.annotations.NullMarked;
