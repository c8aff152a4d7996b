// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {IStakeVault} from "./IStakeVault.sol";

/// @title Answers to many games in one transaction
/// @notice Whoever answers needs no right, so this has none: no storage, no money, no owner. It calls nothing but the
/// answers of a vault, and is of use for every vault.
contract Answers {
    /// @notice A game was over already, so its answer was not needed.
    /// @param vault Of the game.
    /// @param place Of the call in the list, from 0.
    /// @param reason What the vault says: `NoSuchGame` or `TooLate`.
    event PassedOver(address indexed vault, uint256 place, bytes reason);

    /// @notice There is no contract at that address.
    error NoVault(address vault);

    /// @notice That call is none that answers.
    error NotAnAnswer(uint256 place);

    /// @notice The vault refuses an answer for another reason than that its game is over; nothing was answered.
    error AnswerFailed(uint256 place, bytes reason);

    /// @notice Answers each game of a list, but for those that are over: somebody else may have answered meanwhile. A
    /// call that fails for another reason undoes all, so that an estimate of the gas covers every answer.
    /// @param vault Of the games.
    /// @param calls Encoded calls of its functions `answerOmitted`, `answerWithheld`, `answerRecordWithheld`,
    /// `answerPlanMissing` and `answerOutcomeMissing`.
    /// @return answered Which of them were answers.
    function answerMany(IStakeVault vault, bytes[] calldata calls) external returns (bool[] memory answered) {
        if (address(vault).code.length == 0) revert NoVault(address(vault));
        answered = new bool[](calls.length);
        for (uint256 i = 0; i < calls.length; ++i) {
            if (!_isAnswer(bytes4(calls[i]))) revert NotAnAnswer(i);
            // solhint-disable-next-line avoid-low-level-calls
            (bool done, bytes memory reason) = address(vault).call(calls[i]);
            if (done) {
                answered[i] = true;
            } else if (_isOver(bytes4(reason))) {
                emit PassedOver(address(vault), i, reason);
            } else {
                revert AnswerFailed(i, reason);
            }
        }
    }

    function _isAnswer(bytes4 selector) private pure returns (bool isAnswer) {
        return selector == IStakeVault.answerOmitted.selector || selector == IStakeVault.answerWithheld.selector
            || selector == IStakeVault.answerRecordWithheld.selector
            || selector == IStakeVault.answerPlanMissing.selector
            || selector == IStakeVault.answerOutcomeMissing.selector;
    }

    function _isOver(bytes4 reason) private pure returns (bool isOver) {
        return reason == IStakeVault.NoSuchGame.selector || reason == IStakeVault.TooLate.selector;
    }
}
