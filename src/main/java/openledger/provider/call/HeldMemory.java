package openledger.provider.call;

import openledger.inference.admission.Permit;
import openledger.provider.answer.ResponseDecoder;

/**
 * The memory of a call's withheld answer, counted against the memory for bodies and answers, of which the request's tenant has a share. It
 * is given back with the request's place. Confined to the event loop of its call.
 */
final class HeldMemory {
    private final Permit place;
    private int taken;

    HeldMemory(Permit place) {
        this.place = place;
    }

    /** Takes what the answer keeps now beyond what it has kept before; true if there is not so much. */
    boolean isTooSmallFor(ResponseDecoder answer) {
        int more = answer.kept() - taken;
        if (more <= 0) {
            return false;
        }
        taken += more;
        return !place.grow(more);
    }
}
