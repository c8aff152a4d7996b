// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

/// @notice Trees as RFC 9162 defines them, section 2.1: by recursion, the slow way, so that the contract's loop and the service's
/// levels are held against the definition.
library LeafTree {
    function leafHashes(bytes[] memory leaves) internal pure returns (bytes32[] memory hashes) {
        hashes = new bytes32[](leaves.length);
        for (uint256 i = 0; i < leaves.length; ++i) {
            hashes[i] = keccak256(abi.encodePacked(bytes1(0x00), leaves[i]));
        }
    }

    function root(bytes32[] memory hashes) internal pure returns (bytes32) {
        return _root(hashes, 0, hashes.length);
    }

    function proof(bytes32[] memory hashes, uint256 index) internal pure returns (bytes32[] memory siblings) {
        bytes32[] memory found = new bytes32[](32);
        uint256 length = _path(hashes, 0, hashes.length, index, found);
        siblings = new bytes32[](length);
        for (uint256 i = 0; i < length; ++i) {
            siblings[i] = found[i];
        }
    }

    function _path(bytes32[] memory hashes, uint256 from, uint256 to, uint256 index, bytes32[] memory found)
        private
        pure
        returns (uint256 length)
    {
        if (to - from == 1) return 0;
        uint256 middle = from + _split(to - from);
        bool left = index < middle;
        length = left ? _path(hashes, from, middle, index, found) : _path(hashes, middle, to, index, found);
        found[length] = left ? _root(hashes, middle, to) : _root(hashes, from, middle);
        return length + 1;
    }

    function _root(bytes32[] memory hashes, uint256 from, uint256 to) private pure returns (bytes32) {
        if (to - from == 1) return hashes[from];
        uint256 middle = from + _split(to - from);
        return keccak256(abi.encodePacked(bytes1(0x01), _root(hashes, from, middle), _root(hashes, middle, to)));
    }

    /// @dev The largest power of two below the size.
    function _split(uint256 size) private pure returns (uint256 power) {
        power = 1;
        while (power * 2 < size) power *= 2;
    }
}
