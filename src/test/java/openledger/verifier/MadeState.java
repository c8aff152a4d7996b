package openledger.verifier;

import java.math.BigInteger;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import openledger.commitment.BatchHeader;
import openledger.commitment.evm.Keccak256;
import openledger.commitment.leaf.LeafEncoding;
import openledger.commitment.state.RegistrySlots;
import openledger.commitment.state.RlpItem;
import openledger.commitment.state.StateProof;
import openledger.commitment.state.TrieBuilder;
import openledger.commitment.verify.Receipt;
import openledger.commitment.verify.RegistryCode;
import openledger.commitment.verify.StateEvidence;
import openledger.unit.Address;
import openledger.unit.Hash32;

/** The state of a chain that has the registry with all that a receipt needs, among other accounts and slots; any part can be changed. */
final class MadeState {
    static final Address OWNER = Address.parse("0x" + "ab".repeat(Address.BYTES));
    static final long NUMBER = 77;

    final Receipt receipt;
    final Map<Hash32, Hash32> slots = new LinkedHashMap<>();
    Hash32 code = RegistryCode.HASH;
    boolean hasRegistry = true;
    long time;

    MadeState(Receipt receipt, long upTo) {
        this.receipt = receipt;
        keep(receipt, upTo);
        receipt.ofPlan().ifPresent(plan -> keep(plan, upTo));
        receipt.promised()
                .ifPresent(promised ->
                        slots.put(RegistrySlots.signer(receipt.header().lane(), promised.signer()), number(-1)));
    }

    private void keep(Receipt of, long upTo) {
        BatchHeader header = of.header();
        long committedAt = of.anchor().orElseThrow().committedAt();
        time = Math.max(time, committedAt + 100);
        slots.put(
                RegistrySlots.record(header.lane(), header.sequence()), BatchHeader.record(header.head(), committedAt));
        slots.put(RegistrySlots.owner(header.lane()), Hash32.parse("0x" + "00".repeat(12) + "ab".repeat(20)));
        slots.put(
                RegistrySlots.route(
                        header.lane(), LeafEncoding.decode(of.leaf()).route()),
                number(upTo));
        of.signedHead()
                .ifPresent(signed -> slots.put(RegistrySlots.signer(header.lane(), signed.signer()), number(-1)));
    }

    static Hash32 number(long value) {
        return Hash32.parse("0x" + "00".repeat(15) + "01" + "00".repeat(8) + "%016x".formatted(value));
    }

    StateProof proof() {
        TrieBuilder storage = new TrieBuilder();
        for (int i = 1; i < 60; i++) {
            storage.slot(number(i), number(i));
        }
        slots.forEach((slot, word) -> {
            if (!word.equals(Hash32.ZERO)) {
                storage.slot(slot, word);
            }
        });
        TrieBuilder state = new TrieBuilder();
        for (int i = 1; i < 60; i++) {
            state.put(
                    Hash32.of(Keccak256.digest(new byte[i])),
                    account(Hash32.ZERO, Hash32.of(Keccak256.digest(new byte[0]))));
        }
        Hash32 key = Hash32.of(Keccak256.digest(receipt.header().registry().bytes()));
        if (hasRegistry) {
            state.put(key, account(storage.root(), code));
        }
        Map<Hash32, List<byte[]>> proofs = new LinkedHashMap<>();
        StateEvidence.slots(receipt)
                .forEach(slot -> proofs.put(slot, storage.proof(Hash32.of(Keccak256.digest(slot.bytes())))));
        List<byte[]> header = new ArrayList<>();
        for (int i = 0; i < 16; i++) {
            header.add(new byte[0]);
        }
        header.set(3, state.root().bytes());
        header.set(8, new byte[] {(byte) NUMBER});
        header.set(11, BigInteger.valueOf(time).toByteArray());
        return new StateProof(RlpItem.list(header), state.proof(key), proofs);
    }

    private static byte[] account(Hash32 storage, Hash32 code) {
        return TrieBuilder.list(
                TrieBuilder.string(new byte[] {1}),
                TrieBuilder.string(new byte[0]),
                TrieBuilder.string(storage.bytes()),
                TrieBuilder.string(code.bytes()));
    }
}
