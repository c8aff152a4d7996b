package openledger.lab;

import openledger.lab.report.Progress;
import openledger.lab.report.Seeds;

/**
 * One world and who comes to it, to be run with each seed: 10,000 requests a run, which are the same under any other rules.
 *
 * @param name in tables
 * @param mix who sends how much
 * @param spread by how much tenants differ in the length of their answers, 0 to below 1
 * @param setting world and rules
 */
record Trial(String name, Mix mix, double spread, FastSetting setting) {
    /** Requests of a run. */
    static final int REQUESTS = 10_000;

    /** The world of the experiments this is held against. */
    static final Trial REFERENCE = new Trial("reference", Mix.SMALL, 0, FastSetting.REFERENCE);

    Trial named(String other) {
        return new Trial(other, mix, spread, setting);
    }

    Trial in(FastSetting other) {
        return new Trial(name, mix, spread, other);
    }

    /** Under so many requests a second. */
    Trial at(double perSecond) {
        return new Trial(name, new Mix(mix.name(), mix.tenants(), perSecond, mix.zipf(), mix.flood()), spread, setting);
    }

    Trial attempts(int attempts) {
        return in(setting.attempts(attempts));
    }

    Arrivals arrivals(long seed) {
        return mix.first(seed, REQUESTS, spread);
    }

    /** Runs it with each seed. */
    Sample run(Seeds seeds, Progress progress) {
        return new Sample(seeds.each(name, progress, this::run));
    }

    /** Runs it with one seed. */
    RunFigures run(long seed) {
        FastRun run = new FastRun(setting);
        return RunFigures.of(run, run.of(arrivals(seed), seed), REQUESTS);
    }
}
