// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {IBatchGate} from "../IBatchGate.sol";
import {IRoutingBatchRegistry} from "../IRoutingBatchRegistry.sol";
import {Fault} from "./Fault.sol";
import {Challenge, Equivocation, LeafAt, LeafPromise, Placed, Pool, Position, Terms} from "./StakeTypes.sol";

/// @title Something at risk for a lane
/// @notice A lane that takes this contract as its gate commits only with a stake. Whoever proves a fault against it, or
/// wins a game that it does not answer, takes a penalty from that stake: a part is the reporter's, the rest is burned.
/// There is no owner, no pause, no upgrade and no vote: what is no function of the chain, leaves and signatures is no
/// fault. The first valid proof wins.
/// Amounts of stakes, penalties and rewards are in wei where the stake is native coin, else in the token's smallest
/// unit; bonds are in wei. Vaults differ in `deposit`, which is theirs.
/// Long because all that anyone may call, read or be told is in one place.
interface IStakeVault is IBatchGate {
    /// @notice Somebody has added to a lane's stake.
    /// @param lane The lane.
    /// @param staker Who.
    /// @param amount Wei.
    /// @param shares What they are worth to the staker.
    /// @param active What is behind the lane's next batch now, wei.
    event Deposited(uint64 indexed lane, address indexed staker, uint256 amount, uint256 shares, uint256 active);

    /// @notice Shares leave; they stay liable, and are paid out from `leavesAt` on.
    /// @param lane The lane.
    /// @param staker Who.
    /// @param shares How many.
    /// @param leavesAt When all that the staker has asked for is paid out, Unix s.
    event WithdrawalAsked(uint64 indexed lane, address indexed staker, uint256 shares, uint64 leavesAt);

    /// @notice Stake was paid out.
    /// @param lane The lane.
    /// @param staker Whose it was.
    /// @param to Who got it.
    /// @param amount Wei.
    event Withdrawn(uint64 indexed lane, address indexed staker, address to, uint256 amount);

    /// @notice A reward or a bond was paid out.
    /// @param holder Whose it was.
    /// @param to Who got it.
    /// @param amount Wei.
    event Claimed(address indexed holder, address to, uint256 amount);

    /// @notice The lane's active stake is short: it may commit until then.
    /// @param lane The lane.
    /// @param until Unix s.
    /// @param active What it has, wei.
    /// @param required What it needs, wei.
    event Short(uint64 indexed lane, uint64 until, uint256 active, uint256 required);

    /// @notice The lane's active stake is enough again.
    /// @param lane The lane.
    event Filled(uint64 indexed lane);

    /// @notice The lane has been silent for the whole delay, and may go until it commits again.
    /// @param lane The lane.
    /// @param sequence Of its last batch.
    event Released(uint64 indexed lane, uint64 sequence);

    /// @notice A fault was proved, or a game was won.
    /// @param lane Whose fault it is.
    /// @param sequence Its batch; 0 if it is of none.
    /// @param fault Which.
    /// @param subject What it is about: the leaf's place in the log, or the id of the game, promise or head.
    /// @param reporter Who has proved it.
    /// @param taken Wei that the lane's stake has lost.
    /// @param reward What of it the reporter may claim.
    event Penalised(
        uint64 indexed lane,
        uint64 indexed sequence,
        Fault indexed fault,
        bytes32 subject,
        address reporter,
        uint256 taken,
        uint256 reward
    );

    /// @notice A game was opened.
    /// @param id Its id.
    /// @param lane Who has to answer.
    /// @param fault What it is if nobody does.
    /// @param challenger Who has opened it.
    /// @param deadline Last second for an answer, Unix s.
    /// @param subject What is asked for: a place in the log, a request's key, or its number.
    event Challenged(
        bytes32 indexed id,
        uint64 indexed lane,
        Fault indexed fault,
        address challenger,
        uint64 deadline,
        bytes32 subject
    );

    /// @notice A game was answered; its bond is the lane owner's.
    /// @param id Its id.
    /// @param lane Whose game it was.
    event Answered(bytes32 indexed id, uint64 indexed lane);

    /// @notice A game was not answered in time.
    /// @param id Its id.
    /// @param lane Whose game it was.
    event Lost(bytes32 indexed id, uint64 indexed lane);

    /// @notice A term is out of its bounds, or there is no registry.
    error BadTerms();

    /// @notice Only the registry asks before a commit.
    error NotRegistry(address caller);

    /// @notice Nobody has opened that lane.
    error LaneUnknown(uint64 lane);

    /// @notice The lane's active stake is too small to commit.
    error StakeShort(uint64 lane, uint256 active, uint256 required);

    /// @notice That is more than there is.
    error TooMuch(uint256 asked, uint256 there);

    /// @notice That cannot be done before this time, Unix s.
    error TooEarly(uint256 from);

    /// @notice There is nothing to give, or to take.
    error Nothing();

    /// @notice The receiver did not take the money.
    error SendFailed(address to);

    /// @notice The registry has no such batch, or of another time.
    error NotCommitted(uint64 lane, uint64 sequence);

    /// @notice The leaf does not stand there.
    error NotInBatch(uint64 lane, uint64 sequence, uint64 index);

    /// @notice Nothing is broken.
    error NoFault();

    /// @notice It is too late to prove that: the window was open until then, Unix s.
    error WindowOver(uint256 until);

    /// @notice That was punished before.
    error PunishedAlready();

    /// @notice The leaf that is punished is the later one.
    error SameLeaf(uint64 first, uint64 second);

    /// @notice The two are not of one lane.
    error OtherLane(uint64 lane, uint64 other);

    /// @notice The two are not of one request.
    error OtherRequest(uint64 counter, uint64 other);

    /// @notice The leaf is of another kind, or it is none.
    error WrongKind();

    /// @notice The signer is no key of the lane, or was none then, or has promised for too long.
    error NotTheLanesKey(uint64 lane, address signer);

    /// @notice Not a signature of 65 bytes with a low s.
    error BadSignature();

    /// @notice The promise has time until then, Unix s.
    error NotDueYet(uint64 anchorBy);

    /// @notice The bond is too small.
    error WrongBond(uint256 least);

    /// @notice That game is or was there already.
    error GameExists(bytes32 id);

    /// @notice There is no such game, or it has ended.
    error NoSuchGame(bytes32 id);

    /// @notice The time for an answer is over.
    error TooLate(uint64 deadline);

    /// @notice That is not what was asked for.
    error DoesNotAnswer();

    /// @notice Lets shares leave: after `delay` they can be withdrawn, and until then they stay liable. While the lane
    /// may commit although it is short, the delay begins when that ends. Asking again begins anew for all that leaves.
    /// @param lane The lane.
    /// @param shares Of the caller.
    function askWithdrawal(uint64 lane, uint256 shares) external;

    /// @notice Pays out what has left, but for what open games may take, which holds it for `response` at most: games
    /// that can be about what it has backed are over when it leaves, and wait for somebody to conclude them.
    /// @param lane The lane.
    /// @param to Who gets it.
    function withdraw(uint64 lane, address payable to) external;

    /// @notice Pays out the caller's rewards and bonds.
    /// @param to Who gets them.
    function claim(address payable to) external;

    /// @notice Lets a lane go that has committed nothing for the whole delay, whatever stake is still there, so that
    /// nobody can hold it by a deposit. The stake keeps its own delay. By anybody.
    /// @param lane The lane.
    /// @param committedAt Time of the block of its last batch, Unix s.
    function release(uint64 lane, uint64 committedAt) external;

    /// @notice Proves that a leaf breaks a rule.
    /// @param it The leaf.
    function proveLeaf(Placed calldata it) external;

    /// @notice The same for leaves of one batch.
    /// @param header Of the batch.
    /// @param committedAt Time of its block, Unix s.
    /// @param leaves The leaves.
    function proveLeaves(IRoutingBatchRegistry.Header calldata header, uint64 committedAt, LeafAt[] calldata leaves)
        external;

    /// @notice Proves that an outcome does not follow its plan, or that the plan was committed after it.
    /// @param plan The plan.
    /// @param outcome The outcome, which is punished.
    function provePair(Placed calldata plan, Placed calldata outcome) external;

    /// @notice Proves that a request has two leaves of one kind.
    /// @param first The one with the lower place.
    /// @param second The other, which is punished.
    function proveTwice(Placed calldata first, Placed calldata second) external;

    /// @notice Proves that a plan was passed over.
    /// @param passed The plan that came later than it should, which is punished.
    /// @param first The plan that came before it.
    function proveOvertaken(Placed calldata passed, Placed calldata first) external;

    /// @notice Proves that another leaf was committed than the one that was promised.
    /// @param promised What was signed, with the hash of a leaf.
    /// @param signature r, s and v.
    /// @param it The leaf of that request and kind.
    function proveDiffers(LeafPromise calldata promised, bytes calldata signature, Placed calldata it) external;

    /// @notice Proves that the log of a later header has another leaf at a place than that of an earlier one.
    /// @param earlier The leaf and the earlier header.
    /// @param later Another leaf at that place and the later header, which is punished.
    function proveForked(Placed calldata earlier, Placed calldata later) external;

    /// @notice Proves that keys of a lane have signed two heads of one batch.
    /// @param it Both heads.
    function proveEquivocation(Equivocation calldata it) external;

    /// @notice Asks for a leaf that was promised.
    /// @param promised What was signed.
    /// @param signature r, s and v.
    /// @return id Of the game: the digest that was signed.
    function openOmitted(LeafPromise calldata promised, bytes calldata signature) external payable returns (bytes32 id);

    /// @notice Shows it. Late is late, not omitted.
    /// @param promised What was signed.
    /// @param it The leaf.
    function answerOmitted(LeafPromise calldata promised, Placed calldata it) external;

    /// @notice Asks for a leaf of a batch.
    /// @param header Of the batch.
    /// @param committedAt Time of its block, Unix s.
    /// @param index Place of the leaf in the log.
    /// @return id Of the game.
    function openWithheld(IRoutingBatchRegistry.Header calldata header, uint64 committedAt, uint64 index)
        external
        payable
        returns (bytes32 id);

    /// @notice Shows it.
    /// @param it The leaf.
    function answerWithheld(Placed calldata it) external;

    /// @notice Asks for the record of a leaf, by which the batch can be replayed.
    /// @param header Of the batch.
    /// @param committedAt Time of its block, Unix s.
    /// @param index Place of the leaf in the log.
    /// @return id Of the game.
    function openRecordWithheld(IRoutingBatchRegistry.Header calldata header, uint64 committedAt, uint64 index)
        external
        payable
        returns (bytes32 id);

    /// @notice Shows it.
    /// @param header Of the batch.
    /// @param committedAt Time of its block, Unix s.
    /// @param record The record in place of the leaf, the leaf's place in the log, and its way to `recordsRoot`.
    function answerRecordWithheld(
        IRoutingBatchRegistry.Header calldata header,
        uint64 committedAt,
        LeafAt calldata record
    ) external;

    /// @notice Asks for the plan of an outcome that names one.
    /// @param outcome The outcome.
    /// @return id Of the game.
    function openPlanMissing(Placed calldata outcome) external payable returns (bytes32 id);

    /// @notice Shows it: a plan of that request, in a batch that is not after the outcome's.
    /// @param plan The plan.
    function answerPlanMissing(Placed calldata plan) external;

    /// @notice Asks for the outcome of a plan that is older than `anchorMost`.
    /// @param plan The plan.
    /// @return id Of the game.
    function openOutcomeMissing(Placed calldata plan) external payable returns (bytes32 id);

    /// @notice Asks for the outcome of a request that a header is the first to call ended.
    /// @param earlier The header before; not read for the first batch.
    /// @param header The header.
    /// @param committedAt Time of its block, Unix s.
    /// @param counter Number of the request, above the `completeThrough` of the header before.
    /// @return id Of the game.
    function openCounterMissing(
        IRoutingBatchRegistry.Header calldata earlier,
        IRoutingBatchRegistry.Header calldata header,
        uint64 committedAt,
        uint64 counter
    ) external payable returns (bytes32 id);

    /// @notice Shows it.
    /// @param outcome The outcome.
    /// @param sequence As the challenge has it: of the batch that calls the request ended; 0 for the outcome of a plan.
    function answerOutcomeMissing(Placed calldata outcome, uint64 sequence) external;

    /// @notice Ends a game that nobody has answered in time. By anybody; the reward is the challenger's.
    /// @param id Of the game.
    function conclude(bytes32 id) external;

    /// @notice The registry whose lanes these are.
    /// @return registry Its address.
    function REGISTRY() external view returns (IRoutingBatchRegistry registry);

    /// @notice All amounts and times.
    /// @return all They.
    function terms() external view returns (Terms memory all);

    /// @notice How long stake that leaves stays liable: `anchorMost + window + response`, in seconds.
    /// @return time That.
    function delay() external view returns (uint256 time);

    /// @notice What is behind the lane's next batch: its stake without what leaves.
    /// @param lane The lane.
    /// @return amount Wei.
    function active(uint64 lane) external view returns (uint256 amount);

    /// @notice What the lane needs to commit.
    /// @param lane The lane.
    /// @return amount Wei.
    function required(uint64 lane) external view returns (uint256 amount);

    /// @notice The stake of a lane.
    /// @param lane The lane.
    /// @return pool It.
    function poolOf(uint64 lane) external view returns (Pool memory pool);

    /// @notice What a staker has of it.
    /// @param lane The lane.
    /// @param staker Who.
    /// @return position Nothing if penalties have taken everything since.
    function positionOf(uint64 lane, address staker) external view returns (Position memory position);

    /// @notice What somebody may claim.
    /// @param holder Who.
    /// @return amount Wei.
    function creditOf(address holder) external view returns (uint256 amount);

    /// @notice A game.
    /// @param id Its id.
    /// @return challenge All zero if there is none.
    function challengeOf(bytes32 id) external view returns (Challenge memory challenge);

    /// @notice Whether a leaf of a batch was punished.
    /// @param lane The lane.
    /// @param sequence Its batch.
    /// @param place In the batch, from 0.
    /// @return punished True if it was.
    function isPunished(uint64 lane, uint64 sequence, uint256 place) external view returns (bool punished);

    /// @notice What `proveLeaf` would convict of, by the same code; reverts as it would. Ask before you pay.
    /// @param it The leaf.
    /// @return fault NONE if it breaks no rule.
    function faultOf(Placed calldata it) external view returns (Fault fault);

    /// @notice What opens a game in this block.
    /// @return least Wei.
    function bondNow() external view returns (uint256 least);
}
