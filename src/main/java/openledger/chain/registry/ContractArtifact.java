package openledger.chain.registry;

import com.fasterxml.jackson.databind.JsonNode;
import io.vertx.core.buffer.Buffer;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.Arrays;
import java.util.stream.IntStream;
import openledger.chain.rpc.NodeJson;
import openledger.chain.rpc.NodeValue;
import openledger.commitment.evm.Keccak256;
import openledger.unit.Address;
import openledger.unit.Hash32;

/** A contract's byte code, as it is committed beside its sources and checked against them. Immutable. */
public final class ContractArtifact {
    /** The deployment proxy that an OP Stack chain is born with: who deploys, and when, does not change the address. */
    static final Address FACTORY = Address.parse("0x4e59b44847b379578588920ca78fbf26c0b4956c");

    private static final byte CREATE2 = (byte) 0xff;

    private final byte[] creation;
    private final byte[] deployed;
    private final int[] words;

    private ContractArtifact(byte[] creation, byte[] deployed, int[] words) {
        this.creation = creation;
        this.deployed = deployed;
        this.words = words;
    }

    /** The artifact of this name in {@code contracts/artifacts}; throws {@link IllegalStateException} if this build has none. */
    public static ContractArtifact load(String name) {
        String resource = "/contracts/" + name + ".json";
        try (InputStream in = ContractArtifact.class.getResourceAsStream(resource)) {
            if (in == null) {
                throw new IllegalStateException("the contract's byte code is not in this build: " + resource);
            }
            JsonNode artifact = NodeJson.tree(Buffer.buffer(in.readAllBytes()), resource);
            JsonNode immutables = artifact.path("immutables");
            return new ContractArtifact(
                    NodeValue.bytes("bytecode", artifact.path("bytecode").asText()),
                    NodeValue.bytes(
                            "deployedBytecode",
                            artifact.path("deployedBytecode").asText()),
                    IntStream.range(0, immutables.size())
                            .map(at -> immutables.get(at).asInt())
                            .toArray());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The same with the arguments of its constructor, in Solidity's ABI. */
    public ContractArtifact with(byte[] arguments) {
        byte[] all = Arrays.copyOf(creation, creation.length + arguments.length);
        System.arraycopy(arguments, 0, all, creation.length, arguments.length);
        return new ContractArtifact(all, deployed, words);
    }

    /** Where it is on every chain (EIP-1014, salt zero): nothing but its code and its arguments decides that. */
    public Address address() {
        byte[] preimage = new byte[1 + Address.BYTES + 2 * Hash32.BYTES];
        preimage[0] = CREATE2;
        FACTORY.copyTo(preimage, 1);
        System.arraycopy(Keccak256.digest(creation), 0, preimage, 1 + Address.BYTES + Hash32.BYTES, Hash32.BYTES);
        return tail(Keccak256.digest(preimage));
    }

    /** Whether that is the contract's code on chain, whatever its birth has written into the words that only it decides. */
    public boolean isCode(byte[] code) {
        byte[] masked = code.clone();
        for (int word : words) {
            if (word + Hash32.BYTES <= masked.length) {
                Arrays.fill(masked, word, word + Hash32.BYTES, (byte) 0);
            }
        }
        return Arrays.equals(masked, deployed);
    }

    /** What the factory is sent: salt and byte code. */
    byte[] factoryCall() {
        byte[] call = new byte[Hash32.BYTES + creation.length];
        System.arraycopy(creation, 0, call, Hash32.BYTES, creation.length);
        return call;
    }

    /** The last bytes of a hash, which are an address. */
    public static Address tail(byte[] hash) {
        return Address.of(Arrays.copyOfRange(hash, Hash32.BYTES - Address.BYTES, Hash32.BYTES));
    }
}
