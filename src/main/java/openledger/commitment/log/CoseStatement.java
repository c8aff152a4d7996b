package openledger.commitment.log;

import java.util.List;
import java.util.stream.IntStream;

/**
 * An entry that its issuer has signed, with receipts of the logs that it is in: a Transparent Statement (RFC 9943) in COSE_Sign1 (RFC 9052).
 * Immutable.
 */
public final class CoseStatement {
    private static final int RECEIPTS = 394;
    private static final int MOST_RECEIPTS = 16;

    private final String issuer;
    private final String subject;
    private final String contentType;
    private final byte[] payload;
    private final CoseSignature signature;
    private final List<CoseReceipt> receipts;

    private CoseStatement(
            String issuer,
            String subject,
            String contentType,
            byte[] payload,
            CoseSignature signature,
            List<CoseReceipt> receipts) {
        this.issuer = issuer;
        this.subject = subject;
        this.contentType = contentType;
        this.payload = payload.clone();
        this.signature = signature;
        this.receipts = List.copyOf(receipts);
    }

    /** Signs an entry. */
    public static CoseStatement sign(String issuer, String subject, String contentType, byte[] payload, NoteSigner by) {
        byte[] header = header(issuer, subject, contentType, by.key());
        return new CoseStatement(
                issuer, subject, contentType, payload, CoseSignature.of(header, payload, by), List.of());
    }

    private static byte[] header(String issuer, String subject, String contentType, NoteKey key) {
        return new CborWriter()
                .map(4)
                .integer(CoseSignature.ALGORITHM)
                .integer(CoseSignature.EDDSA)
                .integer(CoseSignature.CONTENT_TYPE)
                .text(contentType)
                .integer(CoseSignature.KEY_ID)
                .bytes(key.id())
                .integer(CoseSignature.CLAIMS)
                .map(2)
                .integer(CoseSignature.ISSUER)
                .text(issuer)
                .integer(CoseSignature.SUBJECT)
                .text(subject)
                .encoded();
    }

    /**
     * The same, with receipts.
     *
     * @throws IllegalArgumentException if there are more than 16
     */
    public CoseStatement with(List<CoseReceipt> more) {
        if (more.size() > MOST_RECEIPTS) {
            throw new IllegalArgumentException(
                    "a statement has at most " + MOST_RECEIPTS + " receipts: " + more.size());
        }
        return new CoseStatement(issuer, subject, contentType, payload, signature, more);
    }

    /**
     * Reads a statement that says what ours say, in the form that ours have.
     *
     * @throws IllegalArgumentException saying where it is none
     */
    public static CoseStatement parse(byte[] text) {
        CborReader in = new CborReader(text);
        in.tag(CoseSignature.SIGN1);
        in.array(4);
        byte[] header = in.bytes();
        int count = 0;
        int more = in.map();
        if (more == 1) {
            count = in.skip(RECEIPTS).array();
        } else if (more > 1) {
            throw new IllegalArgumentException("a statement has receipts beside its header, or nothing");
        }
        if (count > MOST_RECEIPTS) {
            throw new IllegalArgumentException("more than " + MOST_RECEIPTS + " receipts are not read");
        }
        List<CoseReceipt> receipts = IntStream.range(0, count)
                .mapToObj(each -> CoseReceipt.parse(in.bytes()))
                .toList();
        byte[] payload = in.bytes();
        CoseSignature signature = new CoseSignature(header, in.bytes());
        in.end();
        CborReader claims = new CborReader(header);
        claims.map(4);
        claims.skip(CoseSignature.ALGORITHM).skip(CoseSignature.EDDSA);
        String contentType = claims.skip(CoseSignature.CONTENT_TYPE).text();
        claims.skip(CoseSignature.KEY_ID).bytes();
        claims.skip(CoseSignature.CLAIMS);
        claims.map(2);
        String issuer = claims.skip(CoseSignature.ISSUER).text();
        String subject = claims.skip(CoseSignature.SUBJECT).text();
        claims.end();
        return new CoseStatement(issuer, subject, contentType, payload, signature, receipts);
    }

    /** True if this key's owner is its issuer and has signed it; says nothing of the receipts. */
    public boolean isBy(NoteKey key) {
        return signature.isOf(payload, header(issuer, subject, contentType, key), issuer, key);
    }

    /** Who says it. */
    public String issuer() {
        return issuer;
    }

    /** What it is about. */
    public String subject() {
        return subject;
    }

    /** Media type of the payload. */
    public String contentType() {
        return contentType;
    }

    /** The entry. */
    public byte[] payload() {
        return payload.clone();
    }

    /** As the logs issued them. */
    public List<CoseReceipt> receipts() {
        return receipts;
    }

    /** As it is sent: CBOR, media type {@code application/scitt-statement+cose}. */
    public byte[] encoded() {
        CborWriter out = new CborWriter().tag(CoseSignature.SIGN1).array(4).bytes(signature.header());
        if (receipts.isEmpty()) {
            out.map(0);
        } else {
            out.map(1).integer(RECEIPTS).array(receipts.size());
        }
        receipts.forEach(receipt -> out.bytes(receipt.encoded()));
        return out.bytes(payload).bytes(signature.signature()).encoded();
    }
}
