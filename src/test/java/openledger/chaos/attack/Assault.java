package openledger.chaos.attack;

import java.io.IOException;
import java.util.Random;

/**
 * One way to harm others, struck again and again while an honest tenant works.
 *
 * @param name what is done, in a few words
 * @param threads that strike at once
 * @param pauseMillis between two strikes of a thread, so that what is measured is the harm and not the attacker's own use of the machine
 * @param tollMillis what everybody pays for it beside all else, known and bounded: a back-off by the route's own rules, or a share of two
 *     cores for work that a tenant may ask for
 * @param strike one strike; what happens is a function of the client and the random source
 */
record Assault(String name, int threads, int pauseMillis, int tollMillis, Strike strike) {
    Assault(String name, int threads, int pauseMillis, Strike strike) {
        this(name, threads, pauseMillis, 0, strike);
    }

    /** One strike. An {@link IOException} is the router's good right: it closed the door. */
    interface Strike {
        void at(AttackClient client, Random random) throws IOException, InterruptedException;
    }
}
