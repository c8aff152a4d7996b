// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

/// @title Proofs that a leaf stands at a place in a tree of a certain size
/// @notice RFC 9162, section 2.1.3, with keccak-256. For a leaf, a place and a size there is exactly one proof; a proof
/// over sorted pairs would leave place and size open.
library LeafProof {
    bytes1 private constant LEAF_PREFIX = 0x00;
    bytes1 private constant NODE_PREFIX = 0x01;

    /// @notice Whether the proof leads from the leaf to the root.
    /// @param root Of the tree.
    /// @param count Leaves of the tree.
    /// @param leaf The leaf's bytes.
    /// @param index Place of the leaf, from 0.
    /// @param siblings Neighbours on the way up, from the bottom.
    /// @return leads True if it does.
    function leadsTo(bytes32 root, uint256 count, bytes calldata leaf, uint256 index, bytes32[] calldata siblings)
        internal
        pure
        returns (bool leads)
    {
        if (index >= count) return false;
        uint256 place = index;
        uint256 last = count - 1;
        bytes32 hash = keccak256(bytes.concat(LEAF_PREFIX, leaf));
        for (uint256 i = 0; i < siblings.length; ++i) {
            if (last == 0) return false;
            if (place & 1 == 1 || place == last) {
                hash = _node(siblings[i], hash);
                // A last node without a neighbour rises unchanged.
                while (place & 1 == 0 && place != 0) {
                    place >>= 1;
                    last >>= 1;
                }
            } else {
                hash = _node(hash, siblings[i]);
            }
            place >>= 1;
            last >>= 1;
        }
        return last == 0 && hash == root;
    }

    function _node(bytes32 left, bytes32 right) private pure returns (bytes32 hash) {
        return keccak256(bytes.concat(NODE_PREFIX, left, right));
    }
}
