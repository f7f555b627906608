/** In single quotes, of which PowerShell knows five (about_Quoting_Rules). For people; scripts get what it is as a value. */
export const quoted = (text: string) => `'${text.replace(/['\u2018-\u201b]/g, '$&$&')}'`;
