package openledger.lab.engine;

import openledger.lab.report.Progress;
import openledger.lab.report.Seeds;
import openledger.lab.world.Workload;

/**
 * One world and its arrivals, to be run with each seed: 10,000 requests a run, which are the same under any other rules.
 *
 * @param name in tables
 * @param mix who sends how much
 * @param spread by how much tenants differ in the length of their answers, 0 to below 1
 * @param setting world and rules
 */
public record FastTrial(String name, Workload mix, double spread, FastSetting setting) {
    /** Requests of a run. */
    public static final int REQUESTS = 10_000;

    /** The world of the experiments this is held against. */
    public static final FastTrial REFERENCE = new FastTrial("reference", Workload.SMALL, 0, FastSetting.REFERENCE);

    public FastTrial named(String other) {
        return new FastTrial(other, mix, spread, setting);
    }

    public FastTrial in(FastSetting other) {
        return new FastTrial(name, mix, spread, other);
    }

    /** Under so many requests a second. */
    public FastTrial at(double perSecond) {
        return new FastTrial(
                name, new Workload(mix.name(), mix.tenants(), perSecond, mix.zipf(), mix.flood()), spread, setting);
    }

    public FastTrial attempts(int attempts) {
        return in(setting.attempts(attempts));
    }

    public Arrivals arrivals(long seed) {
        return mix.first(seed, REQUESTS, spread);
    }

    /** Runs it with each seed. */
    public Sample run(Seeds seeds, Progress progress) {
        return new Sample(seeds.each(name, progress, this::run));
    }

    /** Runs it with one seed. */
    RunFigures run(long seed) {
        FastRun run = new FastRun(setting);
        return RunFigures.of(run, run.of(arrivals(seed), seed), REQUESTS);
    }
}
