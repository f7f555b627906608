/** Bytes of a compose file, of `.env`, or of a text beside them. */
export const TEXT_MOST = 1 << 20;
/** Bytes of what is put into a folder in one piece. */
export const UPLOAD_MOST = 16 << 20;
/** Letters of commands that somebody pastes. */
export const RUN_MOST = 100_000;
