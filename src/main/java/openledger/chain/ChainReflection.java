package openledger.chain;

import io.quarkus.runtime.annotations.RegisterForReflection;
import openledger.chain.rpc.NodeAnswers;
import org.web3j.protocol.core.Response;
import org.web3j.protocol.deserializer.KeepAsJsonDeserialzier;

/** Registers the types that Jackson reaches by reflection, for the native executable. */
@RegisterForReflection(
        targets = {
            Response.class,
            Response.Error.class,
            KeepAsJsonDeserialzier.class,
            NodeAnswers.Text.class,
            NodeAnswers.OfBlock.class,
            NodeAnswers.OfTransaction.class,
            NodeAnswers.OfReceipt.class,
            NodeAnswers.OfFees.class,
            NodeAnswers.OfTree.class,
            NodeAnswers.Block.class,
            NodeAnswers.Transaction.class,
            NodeAnswers.Receipt.class,
            NodeAnswers.Log.class,
            NodeAnswers.FeeHistory.class
        })
final class ChainReflection {
    private ChainReflection() {}
}
