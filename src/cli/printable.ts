/**
 * Names come from the node and may hold anything; what is printed must not steer the terminal.
 */

/** Control and format characters, halves of surrogate pairs and what no glyph is assigned to, written out as escapes. */
export const printable = (text: string): string =>
  text.replace(/[\p{C}\p{Zl}\p{Zp}\u115f\u1160\u3164\uffa0]/gu, escaped);

const escaped = (character: string): string => {
  const code = (character.codePointAt(0) ?? 0).toString(16);
  return code.length <= 4 ? `\\u${code.padStart(4, '0')}` : `\\u{${code}}`;
};

/** At most `width` characters, the cut shown by an ellipsis. */
export const clipped = (text: string, width: number): string => {
  const characters = [...text];
  return characters.length <= width ? text : `${characters.slice(0, width - 1).join('')}…`;
};
