/** What a reader that was killed in the middle of a write left at the end of a log: a record without its line feed, to which the next would be glued. */
import { Buffer } from 'node:buffer';
import { constants } from 'node:fs';
import fse from 'fs-extra';
import { mostText } from './log-records.js';

/** More than a record can have before its text. */
const mostHeader = 128;
const header = /^\S{1,64} (?:stdout|stderr) [PF] /;
const lineFeed = 0x0a;

/** Ends a record whose text has begun, and takes back one of which there is less; a log that ends as it should is not touched. */
export const endTornRecord = async (path: string, descriptor: number): Promise<void> => {
  const { size } = await fse.fstat(descriptor);
  if (size === 0) return;
  const end = await lastBytes(path, size);
  if (end.at(-1) === lineFeed) return;
  const begun = end.subarray(end.lastIndexOf(lineFeed) + 1);
  const isWhole = begun.length === end.length && size > end.length;
  if (isWhole || header.test(begun.toString('latin1'))) await fse.write(descriptor, Buffer.from('\n'));
  else await fse.ftruncate(descriptor, size - begun.length);
};

const lastBytes = async (path: string, size: number): Promise<Buffer> => {
  const reader = await fse.open(path, constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK);
  try {
    const length = Math.min(size, mostText + mostHeader);
    const bytes = Buffer.alloc(length);
    const { bytesRead } = await fse.read(reader, bytes, 0, length, size - length);
    return bytes.subarray(0, bytesRead);
  } finally {
    await fse.close(reader);
  }
};
