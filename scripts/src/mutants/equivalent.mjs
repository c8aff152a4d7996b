/** Mutants that do what the original does, by name, and why. One that a test kills, or that is gone, fails the run. */
export const EQUIVALENT = new Map([
  ['Games.sol bondNow: least < BOND => <=', 'of two equal numbers either is the larger'],
  ['RuleBook.sol checkHeads: it.committedAt > anchorMost => >=', 'the difference of equal numbers is 0 as well'],
  ['Stakes.sol withdraw: assets > held => >=', 'the difference of equal numbers is 0 as well'],
  [
    'Stakes.sol withdraw: amount > free => >=',
    'what is worth exactly what is free is paid whole; of its shares at most those stay that are worth less than a wei',
  ],
  ['Stakes.sol required: byVolume > amount => >=', 'of two equal numbers either is the larger'],
  ['Stakes.sol _cut: penalty < assets => <=', 'of two equal numbers either is the smaller'],
  ['Stakes.sol _leavesInWindow: age >= 2 * span => >', 'at that age nothing reaches into the window either way'],
  ['Stakes.sol _leavesInWindow: age >= span => >', 'at that age both ways count all leaves, and none of those before'],
]);
