// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

/// @notice A token that can be as bad as tokens are.
contract Token {
    /// @dev What a transfer gives when it is done.
    enum Gives {
        TRUE,
        NOTHING,
        FALSE
    }

    error Blocked();

    mapping(address holder => uint256 amount) public balanceOf;
    Gives public gives;
    /// @dev Parts of a hundred that transfers lose: those of an allowance, and the others.
    uint256 public feeIn;
    uint256 public feeOut;
    mapping(address account => bool isBlocked) public blocked;
    address private _target;
    bytes private _call;
    bool public hasCalled;

    function mint(address to, uint256 amount) external {
        balanceOf[to] += amount;
    }

    function setGives(Gives value) external {
        gives = value;
    }

    function setFees(uint256 coming, uint256 going) external {
        (feeIn, feeOut) = (coming, going);
    }

    function setBlocked(address account, bool isBlocked) external {
        blocked[account] = isBlocked;
    }

    /// @dev What it calls in the midst of each transfer.
    function setCall(address target, bytes calldata data) external {
        (_target, _call, hasCalled) = (target, data, false);
    }

    function transfer(address to, uint256 amount) external returns (bool) {
        return _move(msg.sender, to, amount, feeOut);
    }

    /// @dev Everybody has allowed everything.
    function transferFrom(address from, address to, uint256 amount) external returns (bool) {
        return _move(from, to, amount, feeIn);
    }

    function _move(address from, address to, uint256 amount, uint256 fee) private returns (bool) {
        if (blocked[to] || blocked[from]) revert Blocked();
        if (_target != address(0)) {
            // solhint-disable-next-line avoid-low-level-calls
            (hasCalled,) = _target.call(_call);
        }
        if (gives != Gives.FALSE) {
            balanceOf[from] -= amount;
            balanceOf[to] += amount - amount * fee / 100;
        }
        if (gives == Gives.NOTHING) {
            // solhint-disable-next-line no-inline-assembly
            assembly ("memory-safe") {
                return(0, 0)
            }
        }
        return gives == Gives.TRUE;
    }
}
