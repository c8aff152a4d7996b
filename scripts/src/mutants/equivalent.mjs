/** Mutants that do what the original does, by name, and why. One that a test kills, or that is gone, fails the run. */
export const EQUIVALENT = new Map([]);
