/** The name of an image's topmost snapshot. */
import { createHash } from 'node:crypto';

/** The chain id of unpacked layers, lowest first (OCI image-spec, `identity.ChainID`): empty for none, the diff id itself for one. */
export const chainIdOf = (diffIds: ReadonlyArray<string>): string =>
  diffIds.reduce((below, diffId) => (below === '' ? diffId : sha256(`${below} ${diffId}`)), '');

const sha256 = (text: string): string => `sha256:${createHash('sha256').update(text).digest('hex')}`;
