// Why not the package's own command: it names its platform Emscripten, which forge does not take for a compiler.
const fs = require('node:fs');

if (process.argv.includes('--version')) {
  // Loading the compiler to ask for its version takes a second, and forge asks often.
  const { version } = require('solc/package.json');
  console.log(`solc, the solidity compiler commandline interface\nVersion: ${version}+commit.00000000.Linux.g++`);
} else {
  const solc = require('solc');
  // forge puts the text of every source into the input, so there is nothing to import.
  fs.writeSync(1, solc.compile(fs.readFileSync(0, 'utf8')));
}
