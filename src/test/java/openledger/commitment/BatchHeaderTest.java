package openledger.commitment;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.reflect.RecordComponent;
import java.util.Arrays;
import java.util.HashSet;
import java.util.Set;
import openledger.unit.Address;
import openledger.unit.Hash32;
import openledger.unit.LaneId;
import org.junit.jupiter.api.Test;

final class BatchHeaderTest {
    @Test
    void theHeadChangesWithEveryField() throws ReflectiveOperationException {
        BatchHeader header = HeaderVectors.ordinary();
        RecordComponent[] fields = BatchHeader.class.getRecordComponents();
        Set<Hash32> heads = new HashSet<>(Set.of(header.head()));
        for (int changed = 0; changed < fields.length; changed++) {
            Object[] values = new Object[fields.length];
            for (int i = 0; i < fields.length; i++) {
                Object value = fields[i].getAccessor().invoke(header);
                values[i] = i == changed ? other(value) : value;
            }
            Class<?>[] types =
                    Arrays.stream(fields).map(RecordComponent::getType).toArray(Class<?>[]::new);
            BatchHeader other = BatchHeader.class.getDeclaredConstructor(types).newInstance(values);

            assertThat(heads.add(other.head())).as(fields[changed].getName()).isTrue();
        }
        assertThat(heads).hasSize(fields.length + 1);
    }

    @Test
    void theRecordChangesWithHeadAndTime() {
        Hash32 head = HeaderVectors.ordinary().head();

        assertThat(Set.of(BatchHeader.record(head, 1), BatchHeader.record(head, 2), BatchHeader.record(Hash32.ZERO, 1)))
                .hasSize(3);
    }

    private static Object other(Object value) {
        return switch (value) {
            case Long number -> number + 1;
            case Integer number -> number + 1;
            case LaneId lane -> new LaneId(lane.value() + 1);
            case Hash32 hash -> Hash32.of(flipped(hash.bytes()));
            case Address address -> Address.of(flipped(address.bytes()));
            default -> throw new AssertionError(value);
        };
    }

    private static byte[] flipped(byte[] bytes) {
        bytes[0] ^= 1;
        return bytes;
    }
}
