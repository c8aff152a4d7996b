/**
 * What a connection may do before it is a request: how many there are and for how long, and which heads are let through to the HTTP
 * parser. The only room with Netty handlers. It knows no resources and no keys.
 */
@NullMarked
package openledger.edge;

import org.jspecify.annotations.NullMarked;
