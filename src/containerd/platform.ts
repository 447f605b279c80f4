/** Which of an image's platforms is this machine's, in Go's words for them. */
import type { Platform } from './image-documents.js';

const architectures: Readonly<Record<string, string>> = { x64: 'amd64', ia32: '386', ppc64: 'ppc64le' };

/** GOARCH of this machine. */
export const ownArchitecture: string = architectures[process.arch] ?? process.arch;

/** The variant that an architecture is of when none is named, and that may be named as well. */
const baseVariants: Readonly<Record<string, string>> = { amd64: 'v1', arm64: 'v8', arm: 'v7' };

/** True for what containerd would run here first: Linux, this very architecture, in its base variant. */
export const isOwnPlatform = ({ os, architecture, variant }: Platform): boolean =>
  os === 'linux' && architecture === ownArchitecture && (!variant || variant === baseVariants[ownArchitecture]);
