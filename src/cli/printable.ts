/**
 * Names come from the node and may hold anything; what is printed must not steer the terminal.
 */

/** Control characters, direction marks and halves of surrogate pairs, written out as escapes. */
export const printable = (text: string): string =>
  text.replace(/[\u0000-\u001f\u007f-\u009f\u061c\u200b-\u200f\u2028-\u202e\u2060-\u2069\ufeff]|\p{Cs}/gu, escaped);

const escaped = (character: string): string => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`;

/** At most `width` characters, the cut shown by an ellipsis. */
export const clipped = (text: string, width: number): string => {
  const characters = [...text];
  return characters.length <= width ? text : `${characters.slice(0, width - 1).join('')}…`;
};
