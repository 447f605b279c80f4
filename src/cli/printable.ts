/**
 * Names come from the node and may hold anything; what is printed must not steer the terminal.
 */

/** Control and format characters, halves of surrogate pairs, what no glyph is assigned to and what is not seen, written out as escapes. */
export const printable = (text: string): string =>
  text.replace(/[\p{C}\p{Zl}\p{Zp}\p{Default_Ignorable_Code_Point}]/gu, escaped);

/** The same for a JSON document, whose line breaks stay and whose meaning does: all of them can only stand within its strings. */
export const printableJson = (document: string): string =>
  document.replace(/[^\P{C}\n]|[\p{Zl}\p{Zp}\p{Default_Ignorable_Code_Point}]/gu, (character) =>
    Array.from({ length: character.length }, (_, unit) => hexEscape(character.charCodeAt(unit))).join(''),
  );

const escaped = (character: string): string => {
  const code = (character.codePointAt(0) ?? 0).toString(16);
  return code.length <= 4 ? `\\u${code.padStart(4, '0')}` : `\\u{${code}}`;
};

const hexEscape = (unit: number): string => `\\u${unit.toString(16).padStart(4, '0')}`;

/** At most `width` characters, the cut shown by an ellipsis. */
export const clipped = (text: string, width: number): string => {
  const characters = [...text];
  return characters.length <= width ? text : `${characters.slice(0, width - 1).join('')}…`;
};
