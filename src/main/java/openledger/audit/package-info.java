/**
 * Does a router's public work again, from what it has published, and says where the two differ. Floor 1: pure but for the port
 * through which batches are read.
 */
@NullMarked
package openledger.audit;

import org.jspecify.annotations.NullMarked;
