package openledger.cli;

import java.util.concurrent.Callable;

/**
 * A command that a build may leave out, found as a service: annotated as picocli wants it, with a public constructor without parameters.
 * A production image has none ({@code mvn -Dproduction}).
 */
public interface Subcommand extends Callable<Integer> {}
