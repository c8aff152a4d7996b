package openledger.bench.faults;

import openledger.bench.faults.ReadAnswer.Failure;
import openledger.bench.faults.ReadAnswer.Good;
import openledger.bench.faults.ReadAnswer.Odd;
import openledger.bench.faults.UpstreamFault.Right;

/**
 * What a gateway made of a fault. Pure.
 *
 * @param why in words for a table
 */
record FaultVerdict(Result result, String why) {
    /** How it went, for the client. */
    enum Result {
        RIGHT,
        /** What the provider said was good and did not arrive as it was said. */
        LOST,
        /** What is not a good answer looks like one. */
        BAD_SERVED,
        /** An error, though the second target would have answered. */
        AVOIDABLE_ERROR
    }

    static FaultVerdict of(UpstreamFault fault, ClientView view) {
        if (view.status() == 0) {
            return error(fault, "", view.end() == ClientView.End.SILENT ? "no answer in time" : "no answer");
        }
        if (!view.isOk()) {
            return error(fault, view.text(), "status " + view.status());
        }
        ReadAnswer read = ReadAnswer.of(view.text(), fault.shape());
        if (!(read instanceof Failure) && view.end() != ClientView.End.WHOLE) {
            return error(fault, "", view.end() == ClientView.End.SILENT ? "it never ended" : "the transfer broke");
        }
        return switch (read) {
            case Failure(String words) -> error(fault, words, "an error event");
            case Odd(String why) ->
                new FaultVerdict(wantsItsOwnWords(fault) ? Result.LOST : Result.BAD_SERVED, "status 200, " + why);
            case Good(String content) -> good(fault, content);
        };
    }

    private static FaultVerdict good(UpstreamFault fault, String content) {
        boolean second = content.equals(ProviderWords.SECOND);
        boolean first = content.equals(ProviderWords.FIRST);
        return switch (fault.right()) {
            case ARRIVES ->
                first ? right("arrived") : lost(second ? "thrown away for another, paid for too" : "changed");
            case ANY_ANSWER -> first || second ? right("answered") : lost("changed");
            // Another target may see the request otherwise.
            case COMPLAINT_ARRIVES -> second ? right("the second answered") : bad("an answer nobody gave");
            case SECOND_ANSWERS, SEEN_AS_BROKEN -> second ? right("the second answered") : bad("as if it were whole");
        };
    }

    private static FaultVerdict error(UpstreamFault fault, String words, String what) {
        return switch (fault.right()) {
            case ARRIVES, ANY_ANSWER -> lost(what);
            case COMPLAINT_ARRIVES ->
                words.contains(fault.expected()) ? right(what) : lost(what + " without the provider's reason");
            case SECOND_ANSWERS -> new FaultVerdict(Result.AVOIDABLE_ERROR, what);
            case SEEN_AS_BROKEN -> right(what);
        };
    }

    private static boolean wantsItsOwnWords(UpstreamFault fault) {
        return fault.right() == Right.ARRIVES || fault.right() == Right.ANY_ANSWER;
    }

    private static FaultVerdict right(String why) {
        return new FaultVerdict(Result.RIGHT, why);
    }

    private static FaultVerdict lost(String why) {
        return new FaultVerdict(Result.LOST, why);
    }

    private static FaultVerdict bad(String why) {
        return new FaultVerdict(Result.BAD_SERVED, why);
    }
}
