// Keccak-256 as Ethereum uses it (the padding of before FIPS 202), after the specification of keccak.team: lanes of 64 bits as
// pairs of 32, because numbers here have no 64. The tests hold it against contracts/vectors.

export const RATE = 136;
const ROUNDS = 24;

/** The constants of the rounds, from the shift register that defines them: low halves, then high halves. */
const [IOTA_LOW, IOTA_HIGH] = roundConstants();
/** For each step of the walk through the lanes: where it goes and by how much it turns. */
const [WALK, TURN] = walk();

function roundConstants() {
  const low = new Int32Array(ROUNDS);
  const high = new Int32Array(ROUNDS);
  let register = 1;
  for (let round = 0; round < ROUNDS; round++) {
    for (let j = 0; j < 7; j++) {
      if (register & 1) {
        const bit = (1 << j) - 1;
        if (bit < 32) {
          low[round] ^= 1 << bit;
        } else {
          high[round] ^= 1 << (bit - 32);
        }
      }
      register = register & 0x80 ? ((register << 1) & 0xff) ^ 0x71 : register << 1;
    }
  }
  return [low, high];
}

function walk() {
  const lanes = new Uint8Array(ROUNDS);
  const turns = new Uint8Array(ROUNDS);
  let x = 1;
  let y = 0;
  for (let t = 0; t < ROUNDS; t++) {
    [x, y] = [y, (2 * x + 3 * y) % 5];
    lanes[t] = x + 5 * y;
    turns[t] = (((t + 1) * (t + 2)) / 2) % 64;
  }
  return [lanes, turns];
}

function permute(low, high, sumLow, sumHigh) {
  for (let round = 0; round < ROUNDS; round++) {
    for (let x = 0; x < 5; x++) {
      sumLow[x] = low[x] ^ low[x + 5] ^ low[x + 10] ^ low[x + 15] ^ low[x + 20];
      sumHigh[x] = high[x] ^ high[x + 5] ^ high[x + 10] ^ high[x + 15] ^ high[x + 20];
    }
    for (let x = 0; x < 5; x++) {
      const next = (x + 1) % 5;
      const l = sumLow[(x + 4) % 5] ^ ((sumLow[next] << 1) | (sumHigh[next] >>> 31));
      const h = sumHigh[(x + 4) % 5] ^ ((sumHigh[next] << 1) | (sumLow[next] >>> 31));
      for (let lane = x; lane < 25; lane += 5) {
        low[lane] ^= l;
        high[lane] ^= h;
      }
    }
    let l = low[1];
    let h = high[1];
    for (let t = 0; t < ROUNDS; t++) {
      const lane = WALK[t];
      const by = TURN[t];
      const [nextLow, nextHigh] = [low[lane], high[lane]];
      if (by === 0) {
        [low[lane], high[lane]] = [l, h];
      } else if (by < 32) {
        low[lane] = (l << by) | (h >>> (32 - by));
        high[lane] = (h << by) | (l >>> (32 - by));
      } else if (by === 32) {
        [low[lane], high[lane]] = [h, l];
      } else {
        low[lane] = (h << (by - 32)) | (l >>> (64 - by));
        high[lane] = (l << (by - 32)) | (h >>> (64 - by));
      }
      l = nextLow;
      h = nextHigh;
    }
    for (let row = 0; row < 25; row += 5) {
      for (let x = 0; x < 5; x++) {
        sumLow[x] = low[row + x];
        sumHigh[x] = high[row + x];
      }
      for (let x = 0; x < 5; x++) {
        low[row + x] ^= ~sumLow[(x + 1) % 5] & sumLow[(x + 2) % 5];
        high[row + x] ^= ~sumHigh[(x + 1) % 5] & sumHigh[(x + 2) % 5];
      }
    }
    low[0] ^= IOTA_LOW[round];
    high[0] ^= IOTA_HIGH[round];
  }
}

/** What whole blocks leave behind them: 25 lanes, each with its lowest byte first. */
export function absorb(blocks, state = new Uint8Array(200)) {
  const low = new Int32Array(25);
  const high = new Int32Array(25);
  const sumLow = new Int32Array(5);
  const sumHigh = new Int32Array(5);
  const out = new DataView(state.slice().buffer);
  for (let lane = 0; lane < 25; lane++) {
    low[lane] = out.getInt32(8 * lane, true);
    high[lane] = out.getInt32(8 * lane + 4, true);
  }
  const view = new DataView(blocks.buffer, blocks.byteOffset);
  for (let block = 0; block < blocks.length; block += RATE) {
    for (let lane = 0; lane < RATE / 8; lane++) {
      low[lane] ^= view.getInt32(block + 8 * lane, true);
      high[lane] ^= view.getInt32(block + 8 * lane + 4, true);
    }
    permute(low, high, sumLow, sumHigh);
  }
  for (let lane = 0; lane < 25; lane++) {
    out.setInt32(8 * lane, low[lane], true);
    out.setInt32(8 * lane + 4, high[lane], true);
  }
  return new Uint8Array(out.buffer);
}

/**
 * The 32 bytes of the hash of bytes, behind whole blocks that have left a state. What begins the padding is all that SHA3-256 has otherwise
 * (0x06).
 */
export function keccak256(message, padding = 0x01, state = undefined) {
  const padded = new Uint8Array((Math.floor(message.length / RATE) + 1) * RATE);
  padded.set(message);
  padded[message.length] ^= padding;
  padded[padded.length - 1] ^= 0x80;
  return absorb(padded, state).slice(0, 32);
}
