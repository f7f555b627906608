// Letters as large as its columns and rows leave room for: where a screen is only looked at, its size is somebody else's.

/** @param most, least in px */
export function scale(term, fit, { least, most }) {
  // A second time, as letters have no fractions of the first guess.
  for (let again = 0; again < 2; again++) {
    const room = fit.proposeDimensions();
    if (!room) return;
    const size = term.options.fontSize * Math.min(room.cols / term.cols, room.rows / term.rows);
    term.options.fontSize = Math.min(most, Math.max(least, Math.floor(size * 4) / 4));
  }
}
