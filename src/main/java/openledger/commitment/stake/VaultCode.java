package openledger.commitment.stake;

import java.util.Arrays;
import java.util.HexFormat;
import openledger.commitment.evm.Keccak256;
import openledger.unit.Address;
import openledger.unit.Hash32;

/**
 * The vault that ships with this verifier ({@code contracts/artifacts}). Its code on chain has its terms within, so what is known of a
 * vault is its address: the deployment proxy puts a vault of some registry and some terms at one address on every chain (CREATE2 of
 * EIP-1014, salt zero), and nothing of other code can be there. The code that creates it is 32 kB; of that the state of its hash is enough.
 */
public final class VaultCode {
    /** State of keccak-256 after all whole blocks of the creation code. Written by {@code make generate}. */
    private static final String STATE = """
            ddc7ddb79d86ff2761557415028cf1becf4e6991d1e3924747be71e9fc74326e3ddeafc4cc5f21898eb253093b1e82534520
            73e10b8bea1ffa18e0d0fb53b76ec4b1171cfa0e2916c0025c66c775ad0ce707f4462e37e96f6756eaaadc0bd2989050170f
            c21473681929f71cb884f98976051f7320fdcf3856de0a7c6b232dfe1be79adb969f8369dbdef50ce81617327c38432fa28c
            5ccde0491d350ea90e161db322d950f06ce70f4a24949f902ba7fbc9542419801c04ce092f7f8ec272601db304b3b5874e31
            """;

    /** What is left of the creation code, before the arguments. Written by {@code make generate}. */
    private static final String REST = "56";

    private static final byte[] HASHED = HexFormat.of().parseHex(STATE.replaceAll("\\s", ""));
    private static final byte[] LEFT = HexFormat.of().parseHex(REST);
    private static final Address FACTORY = Address.parse("0x4e59b44847b379578588920ca78fbf26c0b4956c");
    private static final byte CREATE2 = (byte) 0xff;

    private VaultCode() {}

    /** Where the vault of a registry's lanes with these terms is. */
    public static Address address(Address registry, VaultTerms terms) {
        byte[] first = new byte[Hash32.BYTES];
        registry.copyTo(first, Hash32.BYTES - Address.BYTES);
        Hash32 creation =
                Keccak256.after(HASHED).add(LEFT).add(first).add(terms.encode()).finish();
        byte[] preimage = new byte[1 + Address.BYTES + 2 * Hash32.BYTES];
        preimage[0] = CREATE2;
        FACTORY.copyTo(preimage, 1);
        creation.copyTo(preimage, 1 + Address.BYTES + Hash32.BYTES);
        return Address.of(Arrays.copyOfRange(Keccak256.digest(preimage), Hash32.BYTES - Address.BYTES, Hash32.BYTES));
    }
}
