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
            6e159f5f45ac4f06ee68a7068dde9c077fdbfc907fe553361072607de5feb90e58716954a274812990031a5e888d8270b223
            083f7ef4528e6c55369fda6776b9d47fa5879df3dcc37dc2d40e11c0ffb98e11ef92028ab514c31eac71bcdbc6ac64c47e2f
            d1b955d61db2aaa7c8b0d6c6c262b26e53e9ed8ac060530979b038d1b929105b5665e21bf8e93189e19dbecc89db686c0b97
            6e809ed010ab28f75a2d43900c38e93f18da40b6d65fa7174ebb3da773a7596bc9e2e8ae98c346626b8966651581c2a38f18
            """;

    /** What is left of the creation code, before the arguments. Written by {@code make generate}. */
    private static final String REST =
            "60245ffd5b5f60018201611a4e57611a4e6118e2565b5060010190565b80820281158282048414176101c4576101c46118e256";

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
