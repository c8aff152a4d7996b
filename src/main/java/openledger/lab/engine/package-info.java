/** Runs an experiment in virtual time: events, requests, both modes' runs, and their results. */
@NullMarked
package openledger.lab.engine;

import org.jspecify.annotations.NullMarked;
