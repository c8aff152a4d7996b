/** What runs an experiment in virtual time: events, requests, both modes' runs, and what came of them. */
@NullMarked
package openledger.lab.engine;

import org.jspecify.annotations.NullMarked;
