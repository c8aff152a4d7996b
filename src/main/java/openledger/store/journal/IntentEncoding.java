package openledger.store.journal;

import java.util.Optional;
import openledger.commitment.leaf.LeafMode;
import openledger.inference.record.Decision;
import openledger.inference.record.Intent;
import openledger.inference.upstream.AnswerForm;
import openledger.routing.Operation;
import openledger.unit.ResendKey;
import openledger.unit.RouteId;

/** The intent in a record. Its nonce and its key were added later and stand apart. */
final class IntentEncoding {
    private IntentEncoding() {}

    /** All but the nonce and the key. */
    static void write(RecordWriter out, Intent intent) {
        out.u64(intent.arrivalMillis());
        out.text(intent.tenant());
        out.u16(intent.route().value());
        out.u8(intent.mode().code());
        out.u8(intent.budget());
        out.u8(intent.operation().code() << 1 | (intent.form() == AnswerForm.STREAM ? 1 : 0));
        out.raw(intent.bodyDigest());
        out.text(intent.clientRequestId());
    }

    /** All but the nonce and the key. */
    static Intent read(RecordReader in) {
        long arrival = in.u64();
        String tenant = in.text();
        RouteId route = new RouteId(in.u16());
        LeafMode mode = LeafMode.ofCode(in.u8());
        int budget = in.u8();
        int asked = in.u8();
        Operation operation = Operation.ofCode(asked >>> 1);
        AnswerForm form = (asked & 1) == 1 ? AnswerForm.STREAM : AnswerForm.PLAIN;
        byte[] digest = in.raw(Decision.DIGEST_BYTES);
        return new Intent(arrival, tenant, route, operation, mode, budget, form, digest, in.text(), "");
    }

    /** The intent with the nonce that stands next, if the record goes on. */
    static Intent withNonce(Intent intent, RecordReader in) {
        String nonce = in.hasMore() ? in.text() : "";
        return nonce.isEmpty() ? intent : intent.with(nonce, intent.resendKey());
    }

    /** The last of a record, if there is one. */
    static void writeKey(RecordWriter out, Intent intent) {
        intent.resendKey().ifPresent(key -> out.raw(key.bytes()));
    }

    /** The intent with the key that the record ends with, if the record goes on. */
    static Intent withKey(Intent intent, RecordReader in) {
        return in.hasMore() ? intent.with(intent.nonce(), Optional.of(ResendKey.of(in.raw(ResendKey.LENGTH)))) : intent;
    }
}
