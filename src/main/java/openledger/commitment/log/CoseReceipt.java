package openledger.commitment.log;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import openledger.unit.Hash32;

/**
 * That an entry is in a log, as a COSE Receipt (RFC 9942) of the verifiable data structure {@code RFC9162_SHA256}: a signature of a root that
 * is not in it, and the path to that root. Proves nothing by itself: whoever checks it brings the entry and the log's key. The size is
 * not signed, and some sizes share a path: a checkpoint has it.
 *
 * @param issuer the log's origin
 * @param subject what the entry is about
 * @param seconds when it was issued, Unix time
 * @param inclusion from the entry to the root
 * @param signature of the root, Ed25519, 64 bytes
 */
public record CoseReceipt(
        String issuer, String subject, long seconds, InclusionPath inclusion, CoseSignature signature) {
    private static final int VERIFIABLE_DATA_STRUCTURE = 395;
    private static final int RFC9162_SHA256 = 1;
    private static final int VERIFIABLE_DATA_PROOFS = 396;
    private static final int INCLUSION = -1;

    /** Issues a receipt: the log signs the root that follows from an entry and its path. */
    public static CoseReceipt issue(
            String issuer, String subject, long seconds, InclusionPath inclusion, Hash32 root, NoteSigner log) {
        byte[] header = header(issuer, subject, seconds, log.key());
        return new CoseReceipt(issuer, subject, seconds, inclusion, CoseSignature.of(header, root.bytes(), log));
    }

    private static byte[] header(String issuer, String subject, long seconds, NoteKey key) {
        return new CborWriter()
                .map(4)
                .integer(CoseSignature.ALGORITHM)
                .integer(CoseSignature.EDDSA)
                .integer(CoseSignature.KEY_ID)
                .bytes(key.id())
                .integer(CoseSignature.CLAIMS)
                .map(3)
                .integer(CoseSignature.ISSUER)
                .text(issuer)
                .integer(CoseSignature.SUBJECT)
                .text(subject)
                .integer(CoseSignature.ISSUED_AT)
                .integer(seconds)
                .integer(VERIFIABLE_DATA_STRUCTURE)
                .integer(RFC9162_SHA256)
                .encoded();
    }

    /**
     * Reads a receipt that says what ours say, in the form that ours have.
     *
     * @throws IllegalArgumentException saying where it is none
     */
    public static CoseReceipt parse(byte[] text) {
        CborReader in = new CborReader(text);
        in.tag(CoseSignature.SIGN1);
        in.array(4);
        byte[] header = in.bytes();
        in.map(1);
        in.skip(VERIFIABLE_DATA_PROOFS).map(1);
        in.skip(INCLUSION).array(1);
        InclusionPath inclusion = inclusion(in.bytes());
        in.nothing();
        CoseSignature signature = new CoseSignature(header, in.bytes());
        in.end();
        CborReader claims = new CborReader(header);
        claims.map(4);
        claims.skip(CoseSignature.ALGORITHM).skip(CoseSignature.EDDSA);
        claims.skip(CoseSignature.KEY_ID).bytes();
        claims.skip(CoseSignature.CLAIMS);
        claims.map(3);
        String issuer = claims.skip(CoseSignature.ISSUER).text();
        String subject = claims.skip(CoseSignature.SUBJECT).text();
        long seconds = claims.skip(CoseSignature.ISSUED_AT).integer();
        claims.skip(VERIFIABLE_DATA_STRUCTURE).skip(RFC9162_SHA256);
        claims.end();
        return new CoseReceipt(issuer, subject, seconds, inclusion, signature);
    }

    private static InclusionPath inclusion(byte[] proof) {
        CborReader in = new CborReader(proof);
        in.array(3);
        long size = in.integer();
        long index = in.integer();
        int length = in.array();
        List<Hash32> path = new ArrayList<>();
        for (int i = 0; i < length; i++) {
            path.add(Hash32.of(in.bytes()));
        }
        in.end();
        return new InclusionPath(index, size, path);
    }

    /** The root that the log has signed, if it follows from this entry, and key and issuer are this log's. */
    public Optional<Hash32> verify(Hash32 entryHash, NoteKey log) {
        byte[] header = header(issuer, subject, seconds, log);
        return inclusion.root(entryHash).filter(root -> signature.isOf(root.bytes(), header, issuer, log));
    }

    /** As it is sent: CBOR, media type {@code application/receipt+cose}. */
    public byte[] encoded() {
        CborWriter proof = new CborWriter()
                .array(3)
                .integer(inclusion.size())
                .integer(inclusion.index())
                .array(inclusion.path().size());
        inclusion.path().forEach(hash -> proof.bytes(hash.bytes()));
        return new CborWriter()
                .tag(CoseSignature.SIGN1)
                .array(4)
                .bytes(signature.header())
                .map(1)
                .integer(VERIFIABLE_DATA_PROOFS)
                .map(1)
                .integer(INCLUSION)
                .array(1)
                .bytes(proof.encoded())
                .nothing()
                .bytes(signature.signature())
                .encoded();
    }
}
