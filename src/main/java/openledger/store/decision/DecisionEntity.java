package openledger.store.decision;

import jakarta.persistence.Column;
import jakarta.persistence.Entity;
import jakarta.persistence.Id;
import jakarta.persistence.IdClass;
import jakarta.persistence.Table;
import java.time.LocalDate;
import org.hibernate.annotations.Immutable;
import org.jspecify.annotations.Nullable;

/** A decision's row: the columns to filter by, and the whole record. Written by the projector alone. */
@Entity
@Immutable
@Table(name = "decision")
@IdClass(DecisionKey.class)
class DecisionEntity {
    @Id
    @Nullable LocalDate day;

    @Id
    long lane;

    @Id
    long counter;

    long arrival;
    String tenant = "";
    int route;
    short status;

    @Column(name = "last_trigger")
    short lastTrigger;

    byte[] record = {};
}
