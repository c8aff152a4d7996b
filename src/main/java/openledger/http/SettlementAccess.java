package openledger.http;

import java.util.Optional;
import openledger.settlement.receipt.ReceiptPorts;

/**
 * Access of the resources to settlement.
 *
 * @param ports empty on a router that does not settle: its receipts stay RECORDED, and there are no batches
 */
public record SettlementAccess(Optional<ReceiptPorts> ports) {
    /** Nothing is settled. */
    public static final SettlementAccess OFF = new SettlementAccess(Optional.empty());
}
