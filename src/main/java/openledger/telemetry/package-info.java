/** OpenTelemetry instruments; the only place with metric names. */
@NullMarked
package openledger.telemetry;

import org.jspecify.annotations.NullMarked;
