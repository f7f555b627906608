/** As PowerShell reads it back. It takes curly quotes for straight ones. */
export const powerShellWord = (word: string) => (/^[A-Za-z0-9_.:\\/][\w.:\\/=-]*$/.test(word) ? word : `'${word.replace(/['‘’‚‛]/g, '$&$&')}'`);
