// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

/// @title A token
/// @notice What a vault needs of an ERC-20.
interface IErc20 {
    /// @notice Sends tokens of the caller.
    /// @param to Who gets them.
    /// @param amount In the smallest unit.
    /// @return done True if it did; some tokens give nothing, and some give false instead of failing.
    function transfer(address to, uint256 amount) external returns (bool done);

    /// @notice Sends tokens of somebody who has allowed the caller to.
    /// @param from Whose.
    /// @param to Who gets them.
    /// @param amount In the smallest unit.
    /// @return done As above.
    function transferFrom(address from, address to, uint256 amount) external returns (bool done);

    /// @notice What somebody has.
    /// @param holder Who.
    /// @return amount In the smallest unit.
    function balanceOf(address holder) external view returns (uint256 amount);
}
