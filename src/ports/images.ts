/** containerd's images, and what there is of them. */
import type { ImageContent, ImageRecord } from '../core/observation.js';
import type { PortCall } from './port-call.js';

/** Reads which images there are, and whether all of each is there. */
export interface ImageReader {
  /** Every name that containerd has an image under. */
  readonly list: () => PortCall<ReadonlyArray<ImageRecord>>;
  /** What the content store and the snapshotter hold; `NotFound` or `Corrupt` when the manifest or config cannot be read. */
  readonly content: (image: ImageRecord) => PortCall<ImageContent>;
}

/** Changes labels and names of images. */
export interface ImageMarker {
  /**
   * Labels the image `io.cri-containerd.image=managed` and makes a second reference named by its id; `NotFound` where the name has no image, or
   * another one by now.
   */
  readonly adopt: (image: ImageRecord, id: string) => PortCall<void>;
}
