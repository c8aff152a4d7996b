package openledger.chain.registry;

import com.fasterxml.jackson.databind.JsonNode;
import io.vertx.core.buffer.Buffer;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import openledger.chain.rpc.NodeJson;
import openledger.chain.rpc.NodeValue;
import openledger.commitment.evm.Keccak256;
import openledger.unit.Address;
import openledger.unit.Hash32;

/** The registry's byte code, as it is committed beside its sources and checked against them. */
final class RegistryArtifact {
    private static final String RESOURCE = "/contracts/RoutingBatchRegistry.json";
    /** The deployment proxy that an OP Stack chain is born with: who deploys, and when, does not change the address. */
    static final Address FACTORY = Address.parse("0x4e59b44847b379578588920ca78fbf26c0b4956c");

    private static final byte CREATE2 = (byte) 0xff;

    private final byte[] creation;

    private RegistryArtifact(byte[] creation) {
        this.creation = creation;
    }

    static RegistryArtifact load() {
        try (InputStream in = RegistryArtifact.class.getResourceAsStream(RESOURCE)) {
            if (in == null) {
                throw new IllegalStateException("the registry's byte code is not in this build: " + RESOURCE);
            }
            JsonNode artifact = NodeJson.tree(Buffer.buffer(in.readAllBytes()), RESOURCE);
            return new RegistryArtifact(
                    NodeValue.bytes("bytecode", artifact.path("bytecode").asText()));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Where it is on every chain (EIP-1014, salt zero): nothing but its code decides that. */
    Address address() {
        byte[] preimage = new byte[1 + Address.BYTES + 2 * Hash32.BYTES];
        preimage[0] = CREATE2;
        FACTORY.copyTo(preimage, 1);
        System.arraycopy(Keccak256.digest(creation), 0, preimage, 1 + Address.BYTES + Hash32.BYTES, Hash32.BYTES);
        byte[] address = new byte[Address.BYTES];
        System.arraycopy(Keccak256.digest(preimage), Hash32.BYTES - Address.BYTES, address, 0, Address.BYTES);
        return Address.of(address);
    }

    /** What the factory is sent: salt and byte code. */
    byte[] factoryCall() {
        byte[] call = new byte[Hash32.BYTES + creation.length];
        System.arraycopy(creation, 0, call, Hash32.BYTES, creation.length);
        return call;
    }
}
