/**
 * Requests without a key whose clients have left: each router tells the others which it has, so that a retry joins one wherever it is
 * received. Pure: time is an argument, and nothing is sent here.
 */
@NullMarked
package openledger.cluster.orphan;

import org.jspecify.annotations.NullMarked;
