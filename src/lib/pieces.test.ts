import { expect, test } from 'bun:test';
import { giveBack, newPiece } from './pieces.ts';

test('refused: a part of a piece, what somebody else made, and the same piece twice stay as they are', () => {
  const piece = newPiece(1000).fill(7);
  giveBack(piece.subarray(1));
  giveBack(piece.subarray(0, 999));
  expect(piece.every((byte) => byte === 7) && piece.length === 1000).toBe(true);
  const foreign = new Uint8Array(1000);
  giveBack(foreign);
  expect(foreign.length).toBe(1000);
  giveBack(piece);
  giveBack(piece);
  expect(piece.length).toBe(0);
});
