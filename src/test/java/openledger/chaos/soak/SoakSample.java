package openledger.chaos.soak;

import openledger.support.ProcessFigures;

/**
 * What a router looked like at a moment of a soak, without load, and how its load before that fared.
 *
 * @param seconds since the soak began
 * @param heapBytes in use after a collection
 * @param process threads, descriptors, resident memory
 * @param p99Millis latency since the last sample
 * @param answers since the last sample
 * @param failures among them, and lost connections
 */
record SoakSample(
        long seconds, long heapBytes, ProcessFigures process, double p99Millis, long answers, long failures) {}
