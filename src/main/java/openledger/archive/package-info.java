/** Reads what a router publishes for everybody, for those who check it; and keeps exports of logs, in folders and buckets. */
@NullMarked
package openledger.archive;

import org.jspecify.annotations.NullMarked;
