package openledger.verifier;

/** The node did not answer, or not what was asked. The message is for a person; it never has more of an address than host and port. */
final class NodeSilence extends RuntimeException {
    NodeSilence(String message) {
        super(message, null, false, false);
    }

    static NodeSilence malformed(String member) {
        return new NodeSilence("a node's answer is malformed: " + member);
    }
}
