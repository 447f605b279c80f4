/** Byte strings, one character a byte, to and from text: file names and mount points are bytes and need not be UTF-8. */
import { Buffer, isUtf8 } from 'node:buffer';

/** The bytes of a text in UTF-8. */
export const byteStringOf = (text: string): string => Buffer.from(text, 'utf8').toString('latin1');

/** True when the bytes are UTF-8 and so come back from `textOf` as they were. */
export const isText = (bytes: string): boolean => isUtf8(Buffer.from(bytes, 'latin1'));

/** The text, or where the bytes are not UTF-8 a form to look at: `\xff` for what is not printable ASCII. */
export const textOf = (bytes: string): string =>
  isText(bytes)
    ? Buffer.from(bytes, 'latin1').toString('utf8')
    : bytes.replace(/[^ -[\]-~]/g, (byte) => `\\x${byte.charCodeAt(0).toString(16).padStart(2, '0')}`);
