/** The version of this package. */
import fse from 'fs-extra';

/** Reads it from package.json, where it stands. */
export const readVersion = async (): Promise<string> => {
  const manifest: unknown = await fse.readJson(new URL('../../package.json', import.meta.url));
  const hasVersion = typeof manifest === 'object' && manifest !== null && 'version' in manifest;
  return hasVersion ? String(manifest.version) : 'unknown';
};
