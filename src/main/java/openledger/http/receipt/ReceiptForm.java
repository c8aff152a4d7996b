package openledger.http.receipt;

import jakarta.ws.rs.core.MediaType;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/** The forms that receipts come in, the preferred one first. */
enum ReceiptForm {
    /** The record, explained, and its way to the chain. */
    JSON(MediaType.APPLICATION_JSON),
    /** C2SP tlog-proof, which has no registered type. */
    TLOG_PROOF(ReceiptForm.PROOF_TYPE),
    /** The leaf as a signed statement with a COSE Receipt (RFC 9942). */
    COSE(ReceiptForm.COSE_TYPE),
    /** The same, under the name that SCITT (RFC 9943) has for it. */
    SCITT(ReceiptForm.SCITT_TYPE);

    static final String PROOF_TYPE = "text/x-tlog-proof; charset=utf-8";
    static final String COSE_TYPE = "application/cose";
    static final String SCITT_TYPE = "application/scitt-statement+cose";

    private final String type;

    ReceiptForm(String type) {
        this.type = type;
    }

    MediaType type() {
        return MediaType.valueOf(type);
    }

    /** The form for whoever takes these types, the best first; empty if there is none. */
    static Optional<ReceiptForm> of(List<MediaType> accepted) {
        return accepted.stream()
                .flatMap(range ->
                        Arrays.stream(values()).filter(form -> form.type().isCompatible(range)))
                .findFirst();
    }
}
